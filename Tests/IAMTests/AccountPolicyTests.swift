import Access
import Foundation
import Methods
import Schema
import Testing

@Suite("Policies of service accounts")
struct AccountPolicyTests {
    private func get(_ fixture: Fixture, _ name: String, as email: String = "alice@example.com") async throws
        -> Google_Iam_V1_Policy
    {
        try await fixture.call(
            "GetIamPolicy", Google_Iam_V1_GetIamPolicyRequest.with { $0.resource = name }, as: email)
    }

    private func set(
        _ fixture: Fixture, _ name: String, _ policy: Google_Iam_V1_Policy
    ) async throws -> Google_Iam_V1_Policy {
        try await fixture.call(
            "SetIamPolicy",
            Google_Iam_V1_SetIamPolicyRequest.with {
                $0.resource = name
                $0.policy = policy
            })
    }

    @Test("are one policy by every name of the account, and in force at once")
    func names() async throws {
        let fixture = try await Fixture()
        let made = try await fixture.create()
        var policy = try await get(fixture, made.name)
        #expect(policy.bindings.isEmpty)
        policy.bindings = [
            .with {
                $0.role = "roles/iam.serviceAccountUser"
                $0.members = ["user:bob@example.com"]
            }
        ]
        let written = try await set(fixture, "projects/other/serviceAccounts/\(made.uniqueID)", policy)
        for name in [
            made.name, "projects/-/serviceAccounts/\(made.email)", "projects/-/serviceAccounts/\(made.uniqueID)",
        ] {
            #expect(try await get(fixture, name) == written)
        }
        let held: Google_Iam_V1_TestIamPermissionsResponse = try await fixture.call(
            "TestIamPermissions",
            Google_Iam_V1_TestIamPermissionsRequest.with {
                $0.resource = "projects/-/serviceAccounts/\(made.email)"
                $0.permissions = ["iam.serviceAccounts.actAs", "iam.serviceAccounts.delete"]
            }, as: "bob@example.com")
        #expect(held.permissions == ["iam.serviceAccounts.actAs"])
    }

    @Test("are not there without the account, for which nobody holds anything")
    func unknown() async throws {
        let fixture = try await Fixture()
        let name = "projects/demo/serviceAccounts/nobody@demo.iam.gserviceaccount.com"
        #expect(await refusal { _ = try await get(fixture, name) }?.code == .notFound)
        #expect(await refusal { _ = try await set(fixture, name, .init()) }?.code == .notFound)
        #expect(await refusal { _ = try await get(fixture, name, as: "eve@example.com") }?.code == .permissionDenied)
        let held: Google_Iam_V1_TestIamPermissionsResponse = try await fixture.call(
            "TestIamPermissions",
            Google_Iam_V1_TestIamPermissionsRequest.with {
                $0.resource = name
                $0.permissions = ["iam.serviceAccounts.actAs"]
            })
        #expect(held.permissions.isEmpty)
    }
}
