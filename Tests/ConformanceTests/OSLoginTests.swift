import Foundation
import TestSupport
import Testing

@Suite("Login profiles", .needsRoot, .serialized)
struct OSLoginTests {
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f alice@laptop"

    private struct Profile: Decodable {
        struct Account: Decodable {
            var accountId: String
            var username: String
            var uid: String
            var primary: Bool
        }

        struct Key: Decodable {
            var key: String
            var expirationTimeUsec: String?
        }

        var name: String
        var posixAccounts: [Account]?
        var sshPublicKeys: [String: Key]?
    }

    @Test("are gcloud's to show and to change, and the account is the one that jobs run as", .needsGcloud)
    func gcloud() async throws {
        try await LandfallServer.with { server in
            func osLogin(_ words: String...) async throws -> Program.Result {
                try await server.exec(["gcloud", "compute", "os-login"] + words + ["--format=json", "--quiet"])
            }
            func profile() async throws -> Profile {
                let shown = try await osLogin("describe-profile")
                guard shown.status == 0 else { throw TestFailure(shown.errors) }
                return try JSONDecoder().decode(Profile.self, from: Data(shown.output.utf8))
            }
            #expect(try await profile().posixAccounts == nil)

            let added = try await osLogin("ssh-keys", "add", "--key=\(Self.key)", "--ttl=1h")
            #expect(added.status == 0, "\(added.errors)")
            let filled = try await profile()
            let account = try #require(filled.posixAccounts?.first)
            #expect(account.accountId == "demo" && account.primary && account.username == "alice_example_com")
            #expect(filled.sshPublicKeys?.values.map(\.key) == [Self.key])
            let fingerprint = try #require(filled.sshPublicKeys?.keys.first)

            let updated = try await osLogin("ssh-keys", "update", "--key=\(Self.key)", "--ttl=0")
            #expect(updated.status == 0, "\(updated.errors)")
            let listed = try await osLogin("ssh-keys", "list")
            #expect(listed.output.contains(fingerprint), "\(listed.errors)")
            #expect(!listed.output.contains("expirationTimeUsec"))
            let described = try await osLogin("ssh-keys", "describe", "--key=\(fingerprint)")
            #expect(described.output.contains(Self.key), "\(described.errors)")

            let wrong = try await osLogin("ssh-keys", "add", "--key=nonsense")
            #expect(wrong.status == 1)
            #expect(wrong.errors.contains("An SSH public key is its type"), "\(wrong.errors)")

            let removed = try await osLogin("ssh-keys", "remove", "--key=\(fingerprint)")
            #expect(removed.status == 0, "\(removed.errors)")
            let gone = try await osLogin("remove-profile")
            #expect(gone.status == 0, "\(gone.errors)")
            let empty = try await profile()
            #expect(empty.posixAccounts == nil && empty.sshPublicKeys == nil)

            let job = try await server.outcome(
                "who", TestJob("echo $(whoami) $(id -u)", group: [#""runAsNonRoot":true"#]))
            #expect(job.log == ["alice_example_com \(account.uid)"])
            #expect(try await profile().posixAccounts?.map(\.uid) == [account.uid])
        }
    }

    @Test("are what google-cloud-os-login reads and changes", .needsPython, arguments: ["grpc", "rest"])
    func python(transport: String) async throws {
        let python = try #require(Requirement.python)
        let client = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("clients/oslogin_client.py").path
        try await LandfallServer.with { server in
            let result = try await server.exec([python, client, "alice@example.com", "demo", transport])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(result.output == "empty\nimported\nchanged\ndeleted\n")
        }
    }
}
