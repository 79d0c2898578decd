import Foundation
import TestSupport
import Testing

@Suite("Tokens of a service account", .needsRoot, .serialized)
struct CredentialTests {
    /// The default account of `demo`, which may see jobs and whose tokens alice may take.
    private func account(_ server: LandfallServer) async throws -> String {
        let stranger = try Stranger(server: server, token: try await server.token())
        let host = "cloudresourcemanager.googleapis.com"
        let project = try await stranger.get("/v1/projects/demo", host: host)
        let number = try #require(project.body.firstMatch(of: /"projectNumber":\s*"(\d+)"/)?.output.1)
        let account = "\(number)-compute@developer.gserviceaccount.com"
        let policy = """
            {"policy":{"bindings":[
              {"role":"roles/owner","members":["user:alice@example.com"]},
              {"role":"roles/iam.serviceAccountTokenCreator","members":["user:alice@example.com"]},
              {"role":"roles/batch.jobsViewer","members":["serviceAccount:\(account)"]}]}}
            """
        let set = try await stranger.post("/v1/projects/demo:setIamPolicy", policy, host: host)
        guard set.status == 200 else { throw TestFailure("no policy: \(set.body)") }
        return account
    }

    @Test("are used by google-auth in every way that needs no key file", .needsPython)
    func googleAuth() async throws {
        let python = try #require(Requirement.python)
        let client = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("clients/credentials_client.py").path
        try await LandfallServer.with { server in
            let account = try await account(server)
            let result = try await server.exec([python, client, "demo", "us-central1", account])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            let said = result.output.split(separator: "\n").map(String.init)
            #expect(
                said == [
                    "impersonated", "identified", "signed", "exchanged", "exchanged for an identity",
                    "kept to its audience", "self-signed", "refused",
                ])
        }
    }

    @Test("are what gcloud impersonates it with", .needsGcloud)
    func gcloud() async throws {
        try await LandfallServer.with { server in
            let account = try await account(server)
            let impersonate = "--impersonate-service-account=\(account)"
            let list = try await server.exec(
                ["gcloud", "batch", "jobs", "list", "--location=us-central1", impersonate])
            #expect(list.status == 0, "\(list.errors)")
            let submit = try await server.exec(
                ["gcloud", "projects", "get-iam-policy", "demo", impersonate])
            #expect(submit.status == 1)
            let identity = try await server.exec([
                "gcloud", "auth", "print-identity-token", impersonate, "--audiences=https://service.example.com",
                "--include-email",
            ])
            #expect(identity.output.hasPrefix("eyJ"), "\(identity.errors)")
            let access = try await server.exec(["gcloud", "auth", "print-access-token", impersonate])
            #expect(access.output.hasPrefix("ya29."), "\(access.errors)")
            let signed = try await server.exec([
                "gcloud", "iam", "service-accounts", "sign-jwt", "--iam-account=\(account)",
                try server.file("claims.json", #"{"aud":"x"}"#), server.directory + "/signed.jwt",
            ])
            #expect(signed.status == 0, "\(signed.errors)")
        }
    }

    @Test("are refused over a socket as in memory: one for one service at another, and none that is forged")
    func hostile() async throws {
        try await LandfallServer.with { server in
            let account = try await account(server)
            let stranger = try Stranger(server: server, token: try await server.token())
            let path = "/v1/projects/-/serviceAccounts/\(account):signJwt"
            let now = Int(Date().timeIntervalSince1970)
            let claims =
                #"{\"iss\":\"\#(account)\",\"sub\":\"\#(account)\",\"aud\":\"https://batch.googleapis.com/\","#
                + #"\"iat\":\#(now),\"exp\":\#(now + 600)}"#
            let signed = try await stranger.post(
                path, #"{"payload":"\#(claims)"}"#, host: "iamcredentials.googleapis.com")
            let token = try #require(
                signed.body.firstMatch(of: /"signedJwt":\s*"([^"]+)"/).map { String($0.output.1) }, "\(signed.body)")
            let good = try await stranger.send("GET", Stranger.jobs, authorization: "Bearer \(token)")
            #expect(good.status == 200, "\(good.body)")
            let logs = try await stranger.send(
                "GET", "/v2/projects/demo/logs", host: "logging.googleapis.com", authorization: "Bearer \(token)")
            #expect(logs.status == 401)
            let unsigned = token.prefix { $0 != "." } + "." + token.split(separator: ".")[1] + "."
            for forged in [String(unsigned), token + "A", "eyJhbGciOiJub25lIn0" + token.drop { $0 != "." }] {
                let answer = try await stranger.send("GET", Stranger.jobs, authorization: "Bearer \(forged)")
                #expect(answer.status == 401)
                #expect(answer.body.contains("Request had invalid authentication credentials."))
            }
        }
    }
}
