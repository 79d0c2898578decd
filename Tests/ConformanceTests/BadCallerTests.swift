import Foundation
import Testing

@Suite("A caller who may not", .needsRoot)
struct BadCallerTests {
    @Test("is refused without a good token, on every method and with the documented texts")
    func tokens() async throws {
        try await Stranger.with { stranger in
            for (authorization, reason) in [
                ("Bearer ", "CREDENTIALS_MISSING"), ("Bearer nonsense", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
                ("Bearer \(stranger.token)x", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
                ("Bearer \(stranger.token.dropLast())", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
                ("Basic YWxpY2U6eA==", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
                ("Bearer \(String(repeating: "x", count: 60_000))", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
            ] {
                for (verb, path) in [("GET", Stranger.jobs), ("POST", Stranger.jobs), ("DELETE", Stranger.jobs + "/a")]
                {
                    let answer = try await stranger.send(
                        verb, path, authorization: authorization, body: verb == "POST" ? Data("{}".utf8) : nil)
                    #expect(answer.status == 401, "\(authorization.prefix(40)): \(answer.message)")
                    #expect(answer.body.contains(reason), "\(authorization.prefix(40)): \(answer.body)")
                }
            }
            let none = try await stranger.send("GET", Stranger.jobs, authorization: " ")
            #expect(none.status == 401 && none.body.contains("CREDENTIALS_MISSING"), "\(none.message)")
            let inURL = try await stranger.get(Stranger.jobs + "?access_token=\(stranger.token)")
            #expect(inURL.status == 400 && inURL.message.contains("Authorization header"))
            #expect(!inURL.body.contains(stranger.token))
        }
    }

    @Test("is refused with another one's token, for a project that is not there as for one that is closed")
    func permissions() async throws {
        try await Stranger.with { stranger in
            try await stranger.server.landfall("login", "bob@example.com")
            let bob = try Stranger(
                server: stranger.server, token: try await stranger.server.token(of: "bob@example.com"))
            for (caller, project) in [(bob, "demo"), (bob, "nowhere"), (stranger, "nowhere"), (stranger, "-")] {
                let path = "/v1/projects/\(project)/locations/us-central1/jobs"
                for (verb, permission) in [("GET", "batch.jobs.list"), ("POST", "batch.jobs.create")] {
                    let answer = try await caller.send(
                        verb, path, body: verb == "POST" ? Data(Stranger.good.utf8) : nil)
                    #expect(answer.status == 403)
                    #expect(
                        answer.message == "Permission '\(permission)' denied on resource "
                            + "'//batch.googleapis.com/projects/\(project)/locations/us-central1' (or it may not exist)."
                    )
                }
            }
        }
    }

    @Test("hears the same of a project that is closed, deleted or not there, by id and by number, word for word")
    func sameAnswer() async throws {
        try await Stranger.with { stranger in
            let server = stranger.server
            let manager = "cloudresourcemanager.googleapis.com"
            func number(_ id: String) async throws -> String {
                let project = try await server.call("GET", manager, "/v1/projects/\(id)")
                return String(try #require(project.body.firstMatch(of: /"projectNumber": "(\d+)"/)?.output.1))
            }
            let open = try await number("demo")
            #expect(
                try await server.call("POST", manager, "/v1/projects", body: #"{"projectId":"deleted"}"#).status == 200)
            let deleted = try await number("deleted")
            #expect(try await server.call("DELETE", manager, "/v1/projects/deleted").status == 200)
            try await server.landfall("login", "eve@other.org")
            let eve = try Stranger(server: server, token: try await server.token(of: "eve@other.org"))
            for (verb, host, path) in [
                ("GET", manager, "/v1/projects/ID"), ("DELETE", manager, "/v1/projects/ID"),
                ("GET", manager, "/v3/projects/ID"), ("POST", manager, "/v1/projects/ID:getIamPolicy"),
                ("POST", manager, "/v1/projects/ID:undelete"), ("POST", manager, "/v1/projects/ID:testIamPermissions"),
                ("GET", "serviceusage.googleapis.com", "/v1/projects/ID/services"),
                ("GET", "logging.googleapis.com", "/v2/projects/ID/logs"),
                ("POST", "logging.googleapis.com", "/v2/entries:list"),
            ] {
                var answers: Set<String> = []
                for project in ["demo", open, "deleted", deleted, "nowhere", "100000000000"] {
                    let path = path.replacing("ID", with: project)
                    let content = path.contains(project) ? "" : #"{"resourceNames":["projects/\#(project)"]}"#
                    let answer = try await eve.send(
                        verb, path, host: host, body: verb == "POST" ? Data(content.utf8) : nil)
                    // Each refusal has an id of its own.
                    let denial = answer.body.firstMatch(of: /"denialId": ?"([^"]+)"/)?.output.1 ?? "none"
                    let body = answer.body.replacing(project, with: "ID").replacing(denial, with: "DENIAL")
                    answers.insert("\(answer.status) \(body)")
                }
                #expect(answers.count == 1, "\(verb) \(path): \(answers.sorted())")
            }
        }
    }

    @Test("is refused when the call is to count for a project that they may not use")
    func userProject() async throws {
        try await Stranger.with { stranger in
            #expect(try await stranger.get(Stranger.jobs, headers: ["X-Goog-User-Project: demo"]).status == 200)
            let answer = try await stranger.get(Stranger.jobs, headers: ["X-Goog-User-Project: nowhere"])
            #expect(answer.status == 403)
            #expect(answer.body.contains("USER_PROJECT_DENIED") && answer.message.contains("project nowhere"))
        }
    }

    @Test("may name a project by its number")
    func number() async throws {
        try await Stranger.with { stranger in
            let project = try await stranger.get("/v1/projects/demo", host: "cloudresourcemanager.googleapis.com")
            let number = try #require(project.body.firstMatch(of: /"projectNumber": "(\d+)"/)?.output.1)
            #expect(try await stranger.get("/v1/projects/\(number)/locations/us-central1/jobs").status == 200)
            #expect(try await stranger.get("/v1/projects/\(number)0/locations/us-central1/jobs").status == 403)
        }
    }

    @Test("reaches the owner's methods on no host of the port, and the owner's sockets not at all")
    func control() async throws {
        try await Stranger.with { stranger in
            for host in [
                "batch.googleapis.com", "127.0.0.1", "localhost", "control.landfall.internal", "control.googleapis.com",
                "control.landfall.test",
            ] {
                let login = try await stranger.post("/v1/login", #"{"email":"alice@example.com"}"#, host: host)
                #expect(login.status == 404, "\(host): \(login.body)")
                #expect(try await stranger.get("/v1/status", host: host).status == 404)
            }
            let run = stranger.server.directory + "/data/run"
            let attributes = try FileManager.default.attributesOfItem(atPath: run)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            let owner = attributes[.ownerAccountID] as? Int
            for socket in ["control.sock", "agent.sock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(run)/\(socket)")
                #expect(attributes[.posixPermissions] as? Int == 0o600)
                #expect(attributes[.ownerAccountID] as? Int == owner)
            }
            let nobody = try await stranger.server.run([
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "curl", "-sS", "--unix-socket",
                run + "/control.sock", "http://localhost/v1/status",
            ])
            #expect(nobody.errors.contains("curl: (7)"), "\(nobody.errors)")
            #expect(nobody.status != 0, "\(nobody.output)")
        }
    }
}
