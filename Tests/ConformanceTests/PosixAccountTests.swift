import Foundation
import TestSupport
import Testing

@Suite("The accounts of jobs that do not run as root", .needsRoot)
struct PosixAccountTests {
    private static let job = TestJob(
        "echo $(whoami) $(id -u) $(id -g) $HOME $(getent passwd $(whoami) | cut -d: -f3,4,6)",
        group: [#""runAsNonRoot":true"#])

    /// Adds bindings to the policy of a project or an organization, as alice.
    private func grant(_ roles: [String], to member: String, on resource: String, _ server: LandfallServer) async throws
    {
        let host = "cloudresourcemanager.googleapis.com"
        let got = try await server.call("POST", host, "/v1/\(resource):getIamPolicy", body: "{}")
        var policy = try #require(JSONSerialization.jsonObject(with: Data(got.body.utf8)) as? [String: Any])
        let bindings = roles.map { ["role": $0, "members": [member]] as [String: Any] }
        policy["bindings"] = (policy["bindings"] as? [Any] ?? []) + bindings
        let body = try JSONSerialization.data(withJSONObject: ["policy": policy])
        let set = try await server.call(
            "POST", host, "/v1/\(resource):setIamPolicy", body: String(decoding: body, as: UTF8.self))
        #expect(set.status == 200, "\(set.body)")
    }

    private func organization(_ server: LandfallServer) async throws -> String {
        struct Found: Decodable {
            struct Organization: Decodable { var name: String }
            var organizations: [Organization]
        }
        let answer = try await server.call(
            "POST", "cloudresourcemanager.googleapis.com", "/v1/organizations:search", body: "{}")
        return try #require(answer.decoded(Found.self).organizations.first).name
    }

    @Test("of people from outside exist once their organization's owner lets them, and are called so")
    func external() async throws {
        let bob = "bob@elsewhere.org"
        try await LandfallServer.with { server in
            try await server.landfall("login", bob)
            try await server.landfall("login", "alice@example.com")
            let file = try server.file("job.json", Self.job.json)
            let submit = [LandfallServer.landfall, "submit", file, "--account", bob, "--wait"]
            let roles = [
                "roles/batch.jobsEditor", "roles/iam.serviceAccountUser", "roles/compute.osLogin",
                "roles/logging.viewer",
            ]
            try await grant(roles, to: "user:\(bob)", on: "projects/demo", server)
            let organization = try await organization(server)

            let refused = try await server.run(submit)
            #expect(refused.status == 1)
            #expect(
                refused.errors.contains(
                    "Permission 'compute.oslogin.updateExternalUser' denied on resource "
                        + "'//cloudresourcemanager.googleapis.com/\(organization)' (or it may not exist)."),
                "\(refused.errors)")

            try await grant(["roles/compute.osLoginExternalUser"], to: "user:\(bob)", on: organization, server)
            let done = try await server.run(submit)
            #expect(done.status == 0, "\(done.errors)")
            #expect(done.output.contains("ext_bob_elsewhere_org "), "\(done.output)")
        }
    }

    @Test("are those that the site has given, where it has given one, also after a restart with another file")
    func site() async throws {
        try await LandfallServer.with { server in
            _ = try server.file("accounts", "alice@example.com alice 41004 41005  # from the directory service\n")
        } _: { server in
            let first = try await server.outcome("given", Self.job)
            #expect(first.log == ["alice 41004 41005 /home/alice 41004:41005:/home/alice"])
            #expect(await server.end(with: SIGTERM) == 0)
            _ = try server.file("accounts", "# none\n")
            try await server.start()
            let second = try await server.outcome("made", Self.job)
            #expect(second.log.first?.hasPrefix("alice_example_com ") == true, "\(second.log)")
        }
    }

    @Test("are not read from a file with a mistake: the server does not start, and says where it is")
    func mistake() async throws {
        let result = try await Program.run(
            [
                LandfallServer.landfall, "up", "--data", "/tmp/landfall-test-nowhere", "--accounts", "/dev/stdin",
            ], input: "alice@example.com alice 12\n")
        #expect(result.status == 1)
        #expect(result.errors.contains("/dev/stdin: line 1: '12' is not the number of a person"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: "/tmp/landfall-test-nowhere"))
    }
}
