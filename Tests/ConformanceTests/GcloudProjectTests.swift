import Foundation
import TestSupport
import Testing

@Suite("gcloud projects and services", .needsRoot, .needsGcloud, .serialized)
struct GcloudProjectTests {
    private func gcloud(_ server: LandfallServer, _ words: String) async throws -> Program.Result {
        try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init))
    }

    @Test("projects are listed and described, and an unknown one is refused")
    func projects() async throws {
        try await LandfallServer.with { server in
            let list = try await gcloud(server, "projects list --format=value(projectId)")
            #expect(list.output.contains("demo"), "\(list.errors)")
            let filtered = try await gcloud(server, "projects list --filter=id:demo --format=value(projectId)")
            #expect(filtered.output.contains("demo"), "\(filtered.errors)")
            let one = try await gcloud(server, "projects describe demo --format=value(projectNumber)")
            #expect(Int(one.output.trimmingCharacters(in: .whitespacesAndNewlines)) != nil, "\(one.errors)")
            let other = try await gcloud(server, "projects describe nosuch-project")
            #expect(other.status == 1)
            #expect(other.errors.contains("nosuch-project"))
            let ancestors = try await gcloud(server, "projects get-ancestors demo --format=value(type)")
            #expect(ancestors.output.contains("organization"), "\(ancestors.errors)")
        }
    }

    @Test("a role is granted, used and taken away again")
    func grants() async throws {
        try await LandfallServer.with { server in
            let binding = "--member=user:bob@example.com --role=roles/batch.jobsViewer"
            try await server.landfall("login", "bob@example.com")
            try await server.landfall("login", "alice@example.com")
            let list = ["gcloud", "batch", "jobs", "list", "--location=us-central1"]

            let before = try await server.exec(list, as: "bob@example.com")
            #expect(before.status == 1)
            #expect(before.errors.contains("batch.jobs.list"), "\(before.errors)")

            let granted = try await gcloud(server, "projects add-iam-policy-binding demo \(binding)")
            #expect(granted.status == 0, "\(granted.errors)")
            let allowed = try await server.exec(list, as: "bob@example.com")
            #expect(allowed.status == 0, "\(allowed.errors)")

            let removed = try await gcloud(server, "projects remove-iam-policy-binding demo \(binding)")
            #expect(removed.status == 0, "\(removed.errors)")
            let after = try await server.exec(list, as: "bob@example.com")
            #expect(after.status == 1)

            let policy = try await gcloud(server, "projects get-iam-policy demo --format=json")
            let file = try server.file("policy.json", policy.output)
            let set = try await gcloud(server, "projects set-iam-policy demo \(file) --quiet")
            #expect(set.status == 0, "\(set.errors)")
        }
    }

    @Test("a service that is disabled is refused as gcloud knows it, and is enabled again")
    func services() async throws {
        try await LandfallServer.with { server in
            let listed = try await gcloud(server, "services list --format=value(config.name)")
            #expect(listed.output.contains("batch.googleapis.com"), "\(listed.errors)")
            let disabled = try await gcloud(server, "services disable batch.googleapis.com --quiet")
            #expect(disabled.status == 0, "\(disabled.errors)")
            let refused = try await gcloud(server, "batch jobs list --location us-central1 --quiet")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("SERVICE_DISABLED") || refused.errors.contains("not enabled"))
            let enabled = try await gcloud(server, "services enable batch.googleapis.com")
            #expect(enabled.status == 0, "\(enabled.errors)")
            let again = try await gcloud(server, "batch jobs list --location us-central1")
            #expect(again.status == 0, "\(again.errors)")
        }
    }
}
