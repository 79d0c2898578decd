import Foundation
import TestSupport
import Testing

@Suite("gcloud iam service-accounts", .needsRoot, .needsGcloud, .serialized)
struct GcloudServiceAccountTests {
    private static let robot = "etl-robot@demo.iam.gserviceaccount.com"

    /// Runs gcloud, which must succeed.
    @discardableResult
    private func gcloud(_ server: LandfallServer, _ words: String) async throws -> String {
        let result = try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init))
        guard result.status == 0 else { throw TestFailure("gcloud \(words): \(result.output)\(result.errors)") }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func refusal(_ server: LandfallServer, _ words: String) async throws -> String {
        let result = try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init))
        #expect(result.status == 1)
        return result.errors
    }

    @Test("an account is made, described, changed, suspended, granted, deleted and taken up again")
    func life() async throws {
        try await LandfallServer.with { server in
            let accounts = "iam service-accounts"
            try await gcloud(server, "\(accounts) create etl-robot --display-name=ETL")
            let again = try await refusal(server, "\(accounts) create etl-robot")
            #expect(again.contains("Service account etl-robot already exists within project projects/demo."))
            let listed = try await gcloud(server, "\(accounts) list --format=value(email)")
            #expect(listed.split(separator: "\n").count == 2)
            #expect(listed.contains(Self.robot))
            let id = try await gcloud(server, "\(accounts) describe \(Self.robot) --format=value(uniqueId)")
            #expect(id.wholeMatch(of: /\d{21}/) != nil)
            try await gcloud(server, "\(accounts) update \(Self.robot) --display-name=Robot --description=Runs")
            let names = try await gcloud(
                server, "\(accounts) describe \(id) --format=value(displayName,description)")
            #expect(names == "Robot\tRuns")
            try await gcloud(server, "\(accounts) disable \(Self.robot)")
            let disabled = try await gcloud(server, "\(accounts) describe \(Self.robot) --format=value(disabled)")
            #expect(disabled == "True")
            try await gcloud(server, "\(accounts) enable \(Self.robot)")

            let binding = "--member=user:bob@example.com --role=roles/iam.serviceAccountUser"
            try await gcloud(server, "\(accounts) add-iam-policy-binding \(Self.robot) \(binding)")
            let policy = try await gcloud(server, "\(accounts) get-iam-policy \(Self.robot) --format=json")
            #expect(policy.contains("user:bob@example.com"))
            let file = try server.file("policy.json", policy)
            try await gcloud(server, "\(accounts) set-iam-policy \(Self.robot) \(file) --quiet")
            try await gcloud(server, "\(accounts) remove-iam-policy-binding \(Self.robot) \(binding)")

            let grant = "--member=serviceAccount:\(Self.robot) --role=roles/batch.jobsViewer"
            try await gcloud(server, "projects add-iam-policy-binding demo \(grant)")
            try await gcloud(server, "\(accounts) delete \(Self.robot) --quiet")
            let buried = try await gcloud(server, "projects get-iam-policy demo --format=json")
            #expect(buried.contains("deleted:serviceAccount:\(Self.robot)?uid=\(id)"))
            let gone = try await refusal(server, "\(accounts) describe \(Self.robot)")
            #expect(gone.contains("iam.serviceAccounts.get"), "\(gone)")
            let back = try await gcloud(server, "\(accounts) undelete \(id) --format=json")
            #expect(back.contains(Self.robot))
            let revived = try await gcloud(server, "projects get-iam-policy demo --format=json")
            #expect(!revived.contains("deleted:"))
        }
    }

    @Test("a key is made, signs gcloud in, is listed, suspended and deleted")
    func keys() async throws {
        try await LandfallServer.with { server in
            let keys = "iam service-accounts keys"
            try await gcloud(server, "iam service-accounts create etl-robot")
            try await gcloud(
                server,
                "projects add-iam-policy-binding demo --member=serviceAccount:\(Self.robot) --role=roles/batch.jobsViewer"
            )
            let file = server.directory + "/key.json"
            try await gcloud(server, "\(keys) create \(file) --iam-account=\(Self.robot)")
            let asRobot = { (words: [String]) in
                try await server.run([LandfallServer.landfall, "exec", "--no-account", "--"] + words)
            }
            let activated = try await asRobot(["gcloud", "auth", "activate-service-account", "--key-file=\(file)"])
            #expect(activated.status == 0, "\(activated.errors)")
            #expect(activated.errors.contains(Self.robot))
            let list = ["gcloud", "batch", "jobs", "list", "--location=us-central1", "--project=demo"]
            let allowed = try await asRobot(list)
            #expect(allowed.status == 0, "\(allowed.errors)")
            let identity = try await asRobot([
                "gcloud", "auth", "print-identity-token", "--audiences=https://service.example.com",
            ])
            #expect(identity.output.hasPrefix("eyJ"), "\(identity.errors)")

            let listing = "\(keys) list --iam-account=\(Self.robot) --managed-by=user --format=value(name.basename())"
            let id = try await gcloud(server, listing)
            #expect(id.wholeMatch(of: /[0-9a-f]{40}/) != nil)
            let certificate = server.directory + "/public.pem"
            try await gcloud(
                server, "beta \(keys) get-public-key \(id) --iam-account=\(Self.robot) --output-file=\(certificate)")
            try await gcloud(server, "\(keys) disable \(id) --iam-account=\(Self.robot)")
            // A token that it gave already stays good; a new one it does not give.
            _ = try await asRobot(["gcloud", "auth", "revoke", Self.robot])
            let suspended = try await asRobot(["gcloud", "auth", "activate-service-account", "--key-file=\(file)"])
            let refused = try await asRobot(list)
            #expect(suspended.status != 0 || refused.status != 0)
            try await gcloud(server, "\(keys) enable \(id) --iam-account=\(Self.robot)")
            try await gcloud(server, "\(keys) delete \(id) --iam-account=\(Self.robot) --quiet")
            try await gcloud(server, "\(keys) upload \(certificate) --iam-account=\(Self.robot)")
            let uploaded = try await gcloud(server, listing)
            #expect(!uploaded.isEmpty)
        }
    }
}
