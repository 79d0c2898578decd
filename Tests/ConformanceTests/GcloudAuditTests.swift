import Foundation
import TestSupport
import Testing

@Suite("What callers did", .needsRoot, .needsGcloud, .serialized)
struct GcloudAuditTests {
    private static let grant = [
        "gcloud", "projects", "add-iam-policy-binding", "demo", "--member=user:bob@example.com", "--condition=None",
    ]

    /// What a reader sees of the audit logs: who, which method, which permissions.
    private func audited(
        _ server: LandfallServer, _ filter: String, by account: String = "alice@example.com"
    ) async throws -> String {
        let read = try await server.exec(
            [
                "gcloud", "logging", "read", "logName:cloudaudit AND \(filter)",
                "--format=value(protoPayload.authenticationInfo.principalEmail,protoPayload.methodName,protoPayload.authorizationInfo[].permission,protoPayload.status.code,severity)",
            ], as: account)
        guard read.status == 0 else { throw TestFailure(read.errors) }
        return read.output
    }

    @Test("is read with gcloud: each change, and reads where the project asks for it, by those who may see them")
    func audit() async throws {
        try await LandfallServer.with { server in
            let granted = try await server.exec(Self.grant + ["--role=roles/logging.viewer"])
            #expect(granted.status == 0, "\(granted.errors)")
            let change: String = try await eventually("the change is logged") {
                let output = try await audited(server, #"protoPayload.methodName="SetIamPolicy""#)
                return output.isEmpty ? nil : output
            }
            #expect(change.contains("alice@example.com\tSetIamPolicy"), "\(change)")
            #expect(change.contains("resourcemanager.projects.setIamPolicy"), "\(change)")
            #expect(change.contains("NOTICE"), "\(change)")

            let reads = #"protoPayload.serviceName="batch.googleapis.com""#
            let list = ["gcloud", "batch", "jobs", "list", "--location=us-central1"]
            #expect(try await server.exec(list).status == 0)
            #expect(try await audited(server, reads).isEmpty)
            try await logReads(server)
            #expect(try await server.exec(list).status == 0)
            let read: String = try await eventually("the read is logged") {
                let output = try await audited(server, reads)
                return output.isEmpty ? nil : output
            }
            #expect(read.contains("google.cloud.batch.v1.BatchService.ListJobs"), "\(read)")

            // Bob may read logs, but not who read what.
            try await server.landfall("login", "bob@example.com")
            #expect(try await audited(server, reads, by: "bob@example.com").isEmpty)
            let seen = try await audited(server, #"protoPayload.methodName="SetIamPolicy""#, by: "bob@example.com")
            #expect(seen.contains("alice@example.com"), "\(seen)")
        }
    }

    /// Has the reads of the project's configuration logged.
    private func logReads(_ server: LandfallServer) async throws {
        let policy = try await server.exec(["gcloud", "projects", "get-iam-policy", "demo", "--format=json"])
        var object = try #require(
            try JSONSerialization.jsonObject(with: Data(policy.output.utf8)) as? [String: Any])
        object["auditConfigs"] = [["service": "batch.googleapis.com", "auditLogConfigs": [["logType": "ADMIN_READ"]]]]
        let json = try JSONSerialization.data(withJSONObject: object)
        let file = try server.file("policy.json", String(decoding: json, as: UTF8.self))
        let set = try await server.exec(["gcloud", "projects", "set-iam-policy", "demo", file, "--quiet"])
        guard set.status == 0 else { throw TestFailure(set.errors) }
    }

    @Test("and was refused has an id, by which the reason and the grant that helps are found")
    func why() async throws {
        try await LandfallServer.with { server in
            try await server.landfall("login", "bob@example.com")
            let list = ["gcloud", "batch", "jobs", "list", "--location=us-central1"]
            let refused = try await server.exec(list, as: "bob@example.com")
            #expect(refused.status == 1)
            let id = try #require(
                refused.errors.firstMatch(of: #/landfall why ([0-9a-z]{12})/#)?.1, "\(refused.errors)")
            #expect(refused.errors.contains("denialId: \(id)"), "\(refused.errors)")

            // The owner of the installation sees the policies, bob what he may see without it.
            let full = try await server.landfall("why", String(id))
            #expect(full.contains("user:bob@example.com lacks batch.jobs.list"), "\(full)")
            #expect(full.contains("Cause: nothing grants it."), "\(full)")
            #expect(full.contains("projects/demo: "), "\(full)")
            let own = try await server.landfall("why", String(id), "--account", "bob@example.com")
            #expect(!own.contains("looked at"), "\(own)")
            #expect(own.contains("is shown to those who may read them"), "\(own)")

            let command = try #require(own.split(separator: "\n").first { $0.contains("gcloud projects add-iam") })
            let words = command.split(separator: " ").map(String.init)
            let granted = try await server.exec(words, as: "alice@example.com")
            #expect(granted.status == 0, "\(granted.errors)")
            #expect(try await server.exec(list, as: "bob@example.com").status == 0)

            let stranger = try await server.run([LandfallServer.landfall, "why", "000000000000"])
            #expect(stranger.status == 1)
            #expect(stranger.errors.contains("There is no refusal"), "\(stranger.errors)")
        }
    }
}
