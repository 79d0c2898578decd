import Foundation
import TestSupport
import Testing

@Suite("gcloud iam roles", .needsRoot, .needsGcloud, .serialized)
struct GcloudRoleTests {
    /// Runs gcloud, which must succeed.
    @discardableResult
    private func gcloud(_ server: LandfallServer, _ words: String) async throws -> String {
        let result = try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init))
        guard result.status == 0 else { throw TestFailure("gcloud \(words): \(result.output)\(result.errors)") }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("a custom role is made, granted, changed, copied, deleted and taken up again")
    func custom() async throws {
        try await LandfallServer.with { server in
            try await server.landfall("login", "bob@example.com")
            try await server.landfall("login", "alice@example.com")
            let seen = {
                let list = ["gcloud", "batch", "jobs", "list", "--location=us-central1"]
                return try await server.exec(list, as: "bob@example.com").status == 0
            }
            try await gcloud(
                server, "iam roles create looker --project=demo --title=Looker --stage=GA --permissions=batch.jobs.list"
            )
            try await gcloud(
                server,
                "projects add-iam-policy-binding demo --member=user:bob@example.com --role=projects/demo/roles/looker")
            #expect(try await seen())
            try await gcloud(server, "iam roles update looker --project=demo --remove-permissions=batch.jobs.list")
            #expect(try await !seen())
            try await gcloud(
                server, "iam roles update looker --project=demo --add-permissions=batch.jobs.list,batch.jobs.get")
            #expect(try await seen())
            let described = try await gcloud(
                server, "iam roles describe looker --project=demo --format=value(includedPermissions)")
            #expect(described == "batch.jobs.get;batch.jobs.list")
            try await gcloud(
                server,
                "iam roles copy --source=roles/batch.jobsEditor --destination=batcher --dest-project=demo --quiet")
            let copied = try await gcloud(server, "iam roles describe batcher --project=demo --format=json")
            let source = try await gcloud(server, "iam roles describe roles/batch.jobsEditor --format=json")
            #expect(copied.contains("batch.jobs.create"))
            #expect(source.contains("\"AA==\""))
            try await gcloud(server, "iam roles delete looker --project=demo --quiet")
            #expect(try await !seen())
            let hidden = try await gcloud(server, "iam roles list --project=demo --format=value(name)")
            #expect(hidden == "projects/demo/roles/batcher")
            let shown = try await gcloud(
                server, "iam roles list --project=demo --show-deleted --format=value(name)")
            #expect(shown.contains("projects/demo/roles/looker"))
            try await gcloud(server, "iam roles undelete looker --project=demo")
            #expect(try await seen())
        }
    }

    @Test("predefined roles and permissions are listed, with those that a resource can have")
    func listed() async throws {
        try await LandfallServer.with { server in
            let roles = try await gcloud(server, "iam roles list --format=value(name)").split(separator: "\n")
            #expect(roles.contains("roles/owner"))
            #expect(roles.count > 100)
            let project = "//cloudresourcemanager.googleapis.com/projects/demo"
            let grantable = try await gcloud(server, "iam list-grantable-roles \(project) --format=value(name)")
            #expect(grantable.contains("roles/batch.jobsEditor"))
            let testable = try await gcloud(
                server, "iam list-testable-permissions \(project) --format=value(name)")
            #expect(testable.split(separator: "\n").contains("batch.jobs.create"))
            try await gcloud(server, "iam service-accounts create etl-robot")
            let account = "//iam.googleapis.com/projects/demo/serviceAccounts/etl-robot@demo.iam.gserviceaccount.com"
            let onAccount = try await gcloud(server, "iam list-grantable-roles \(account) --format=value(name)")
            #expect(onAccount.contains("roles/iam.serviceAccountUser"))
            let lint = try await server.exec([
                "gcloud", "alpha", "iam", "policies", "lint-condition", "--title=never", "--resource-name=\(project)",
                "--expression=request.time < timestamp('2001-01-01T00:00:00Z')",
            ])
            #expect(lint.output.contains("LintValidationUnits/DateTimeCheck"), "\(lint.errors)")
            let file = try server.file(
                "role.yaml", "title: From a file\nincludedPermissions: [batch.jobs.list]\nstage: BETA\n")
            try await gcloud(server, "iam roles create filed --project=demo --file=\(file) --quiet")
            let filed = try await gcloud(server, "iam roles describe filed --project=demo --format=value(title,stage)")
            #expect(filed == "From a file\tBETA")
        }
    }
}
