import Foundation
import TestSupport
import Testing

@Suite("A person who signs gcloud in with a browser", .needsRoot, .needsGcloud, .serialized)
struct BrowserLoginTests {
    private static let list = ["batch", "jobs", "list", "--location=us-central1", "--project=demo"]

    /// Runs gcloud with the credentials that it got itself.
    private func gcloud(
        _ words: [String], on server: LandfallServer, with settings: [String] = []
    ) async throws -> Program.Result {
        try await server.run(
            [LandfallServer.landfall, "exec", "--no-account", "--", "env"] + settings + ["gcloud"] + words)
    }

    /// What a browser shows in the end, and at which address.
    private func open(_ address: String) async throws -> (page: String, address: String) {
        let result = try await Program.run([
            "curl", "--silent", "--show-error", "--location", "--noproxy", "*", "--write-out", "\n%{url_effective}",
            address,
        ])
        guard result.status == 0, let end = result.output.lastIndex(of: "\n") else {
            throw TestFailure("\(address): \(result.errors)")
        }
        return (String(result.output[..<end]), String(result.output[result.output.index(after: end)...]))
    }

    /// Lets gcloud sign in, and does what its browser and the owner of the installation do.
    private func signIn(
        _ words: [String], on server: LandfallServer, as person: String
    ) async throws -> Program.Result {
        let opened = server.directory + "/opened"
        try? FileManager.default.removeItem(atPath: opened)
        let browser = try server.file(
            "browser", "#!/bin/sh\necho \"$1\" >\(opened).new && mv \(opened).new \(opened)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: browser)
        async let login = gcloud(words, on: server, with: ["DISPLAY=:0", "BROWSER=\(browser)"])
        let address: String = try await eventually("gcloud opens its browser") {
            try? String(contentsOfFile: opened, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let waiting = try await open(address)
        let code = try #require(
            waiting.page.firstMatch(of: /landfall approve ([B-Z]{4}-[B-Z]{4})/)?.output.1, "\(waiting)")
        // Nobody has said who it is.
        #expect(try await open(waiting.address).page.contains(String(code)))
        let approved = try await server.landfall("approve", String(code), "--as", person)
        #expect(
            approved.wholeMatch(
                of: /Approved: the program that waits at http:\/\/localhost:80\d\d\/ is signed in as (\S+)\. It .*\n/)?
                .1
                == person[...], "\(approved)")
        let landed = try await open(waiting.address)
        #expect(landed.address.hasPrefix("http://localhost:80"), "\(landed.address)")
        return try await login
    }

    @Test("calls as whom the owner approves, until the credential is revoked: its tokens are refused from then on")
    func plain() async throws {
        try await LandfallServer.with { server in
            let login = try await signIn(["auth", "login"], on: server, as: "bob@example.com")
            #expect(login.status == 0, "\(login.errors)")
            #expect(login.errors.contains("bob@example.com"), "\(login.errors)")
            let refused = try await gcloud(Self.list, on: server)
            #expect(refused.status == 1 && refused.errors.contains("PERMISSION_DENIED"), "\(refused.errors)")

            // `--force` and another person: gcloud keeps both.
            let other = try await signIn(["auth", "login", "--force"], on: server, as: "alice@example.com")
            #expect(other.status == 0, "\(other.errors)")
            let list = try await gcloud(Self.list, on: server)
            #expect(list.status == 0, "\(list.errors)")
            let identity = try await gcloud(["auth", "print-identity-token"], on: server)
            #expect(identity.output.hasPrefix("eyJ"), "\(identity.errors)")
            let token = try await gcloud(["auth", "print-access-token"], on: server).output
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let stranger = try Stranger(server: server, token: token)
            #expect(try await stranger.get(Stranger.jobs).status == 200)
            let revoked = try await gcloud(["auth", "revoke", "alice@example.com"], on: server)
            #expect(revoked.status == 0, "\(revoked.errors)")
            #expect(try await stranger.get(Stranger.jobs).status == 401)
        }
    }

    @Test("does so with a login configuration too, until the owner ends every login of the account")
    func configured() async throws {
        try await LandfallServer.with { server in
            let file = server.directory + "/login.json"
            try await server.landfall("login-config", file)
            let login = try await signIn(
                ["auth", "login", "--login-config=\(file)"], on: server, as: "alice@example.com")
            #expect(login.status == 0, "\(login.errors)")
            let account = try await gcloud(["config", "get", "account"], on: server)
            #expect(account.output == "alice@example.com\n", "\(account.errors)")
            let list = try await gcloud(Self.list, on: server)
            #expect(list.status == 0, "\(list.errors)")
            // The test's own login is one of them.
            let ended = try await server.landfall("logout", "--all", "alice@example.com")
            #expect(ended == "Ended 2 logins of alice@example.com.\n")
            let refused = try await gcloud(Self.list, on: server)
            #expect(refused.status == 1, "\(refused.output)")
            let own = try await server.run([LandfallServer.landfall, "jobs"])
            #expect(own.errors == "Error: Nobody is logged in: 'landfall login you@example.com'.\n")
        }
    }
}
