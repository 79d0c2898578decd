import Foundation
import TestSupport
import Testing

@Suite("gcloud secrets", .needsRoot, .needsGcloud)
struct GcloudSecretTests {
    /// Runs gcloud, which must succeed.
    @discardableResult
    private func gcloud(_ server: LandfallServer, _ words: String) async throws -> String {
        let result = try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init))
        guard result.status == 0 else { throw TestFailure("gcloud \(words): \(result.output)\(result.errors)") }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("a secret is made, read by those who may, changed and removed")
    func lifecycle() async throws {
        try await LandfallServer.with { server in
            let (first, second) = (try server.file("first", "one"), try server.file("second", "two"))
            try await gcloud(server, "services enable secretmanager.googleapis.com")
            try await gcloud(server, "secrets create password --replication-policy=automatic --data-file=\(first)")
            try await gcloud(server, "secrets versions add password --data-file=\(second)")
            #expect(try await gcloud(server, "secrets versions access latest --secret=password") == "two")
            #expect(try await gcloud(server, "secrets versions access 1 --secret=password") == "one")
            try await gcloud(server, "secrets update password --update-labels=team=a --update-version-aliases=prod=1")
            #expect(try await gcloud(server, "secrets versions access prod --secret=password") == "one")
            #expect(try await gcloud(server, "secrets list --filter=labels.team=a --format=value(name)") == "password")

            try await server.landfall("login", "bob@example.com")
            let read = ["gcloud", "secrets", "versions", "access", "1", "--secret=password", "--project=demo"]
            let refused = try await server.exec(read, as: "bob@example.com")
            #expect(refused.status != 0 && refused.errors.contains("secretmanager.versions.access"), "\(refused)")
            try await server.landfall("login", "alice@example.com")
            try await gcloud(
                server,
                "secrets add-iam-policy-binding password --member=user:bob@example.com "
                    + "--role=roles/secretmanager.secretAccessor")
            #expect(try await server.exec(read, as: "bob@example.com").output == "one")

            try await gcloud(server, "secrets versions disable 1 --secret=password")
            #expect(try await server.exec(read, as: "bob@example.com").errors.contains("is in DISABLED state"))
            try await gcloud(server, "secrets versions enable 1 --secret=password")
            try await gcloud(server, "secrets versions destroy 1 --secret=password --quiet")
            let states = try await gcloud(server, "secrets versions list password --format=value(name,state)")
            #expect(states.lowercased().contains("destroyed") && states.lowercased().contains("enabled"))
            try await gcloud(server, "secrets delete password --quiet")
            #expect(try await gcloud(server, "secrets list --format=value(name)").isEmpty)
        }
    }
}
