import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing

private typealias PolicyV2 = Google_Cloud_Orgpolicy_V2_Policy
private typealias PolicyV1 = Google_Cloud_Resourcemanager_V1_OrgPolicy

@Suite("Organization policies")
struct OrgPolicyTests {
    private static let creation = "iam.disableServiceAccountCreation"
    private let fixture = try? Fixture()

    private func installed() async throws -> (Fixture, ProjectRecord) {
        let fixture = try #require(fixture)
        let project = try await fixture.install().project
        try await fixture.directory.grant(
            "roles/orgpolicy.policyAdmin", to: "user:alice@example.com", on: project.parent)
        return (fixture, project)
    }

    private func create(
        _ fixture: Fixture, on parent: String, as email: String = "alice@example.com",
        _ constraint: String = creation, _ fill: (inout Google_Cloud_Orgpolicy_V2_PolicySpec) -> Void
    ) async throws -> PolicyV2 {
        try await fixture.call(
            "OrgPolicy.CreatePolicy",
            Google_Cloud_Orgpolicy_V2_CreatePolicyRequest.with {
                $0.parent = parent
                $0.policy.name = "\(parent)/policies/\(constraint)"
                fill(&$0.policy.spec)
            }, as: email)
    }

    private func isEnforced(_ fixture: Fixture, on path: String) async throws -> Bool {
        let policy: PolicyV2 = try await fixture.call(
            "OrgPolicy.GetEffectivePolicy",
            Google_Cloud_Orgpolicy_V2_GetEffectivePolicyRequest.with { $0.name = "\(path)/policies/\(Self.creation)" })
        return policy.spec.rules.first?.enforce == true
    }

    private func refusal(_ body: () async throws -> Void) async -> ServiceError? {
        await #expect(throws: ServiceError.self) { try await body() }
    }

    @Test("hold below what they are set on, until something nearer says otherwise or resets them")
    func inheritance() async throws {
        let (fixture, project) = try await installed()
        #expect(try await !isEnforced(fixture, on: "projects/demo"))
        _ = try await create(fixture, on: project.parent.path) { $0.rules = [.with { $0.enforce = true }] }
        #expect(try await isEnforced(fixture, on: "projects/demo"))
        let own = try await create(fixture, on: "projects/demo") { $0.rules = [.with { $0.enforce = false }] }
        #expect(own.name == "projects/\(project.number)/policies/\(Self.creation)")
        #expect(try await !isEnforced(fixture, on: "projects/\(project.number)"))
        let _: Google_Protobuf_Empty = try await fixture.call(
            "OrgPolicy.DeletePolicy",
            Google_Cloud_Orgpolicy_V2_DeletePolicyRequest.with {
                $0.name = own.name
                $0.etag = own.etag
            })
        #expect(try await isEnforced(fixture, on: "projects/demo"))
        _ = try await create(fixture, on: "projects/demo") { $0.reset = true }
        #expect(try await !isEnforced(fixture, on: "projects/demo"))
    }

    @Test("are changed by their etag, and refused with a stale one")
    func etags() async throws {
        let (fixture, _) = try await installed()
        let first = try await create(fixture, on: "projects/demo") { $0.rules = [.with { $0.enforce = true }] }
        func update(_ etag: String) async throws -> PolicyV2 {
            try await fixture.call(
                "OrgPolicy.UpdatePolicy",
                Google_Cloud_Orgpolicy_V2_UpdatePolicyRequest.with {
                    $0.policy = first
                    $0.policy.etag = etag
                    $0.policy.spec.etag = etag
                })
        }
        let second = try await update(first.etag)
        #expect(second.etag != first.etag)
        let refused1 = await refusal { _ = try await update(first.etag) }
        #expect(refused1?.code == .aborted)
        let refused2 = await refusal { _ = try await update("!") }
        #expect(refused2?.code == .aborted)
        #expect(try await update("").etag != second.etag)
        let twice = await refusal {
            _ = try await create(fixture, on: "projects/demo") { $0.rules = [.with { $0.enforce = true }] }
        }
        #expect(twice?.code == .alreadyExists)
    }

    @Test("are the same through Resource Manager's first version")
    func firstVersion() async throws {
        let (fixture, _) = try await installed()
        let set: PolicyV1 = try await fixture.call(
            "v1.OrgPolicies.SetOrgPolicy",
            Google_Cloud_Resourcemanager_V1_SetOrgPolicyRequest.with {
                $0.resource = "projects/demo"
                $0.policy.constraint = "constraints/\(Self.creation)"
                $0.policy.booleanPolicy.enforced = true
            })
        #expect(set.booleanPolicy.enforced)
        #expect(try await isEnforced(fixture, on: "projects/demo"))
        let list: Google_Cloud_Resourcemanager_V1_ListOrgPoliciesResponse = try await fixture.call(
            "v1.OrgPolicies.ListOrgPolicies",
            Google_Cloud_Resourcemanager_V1_ListOrgPoliciesRequest.with { $0.resource = "projects/demo" })
        #expect(list.policies == [set])
        let _: Google_Protobuf_Empty = try await fixture.call(
            "v1.OrgPolicies.ClearOrgPolicy",
            Google_Cloud_Resourcemanager_V1_ClearOrgPolicyRequest.with {
                $0.resource = "projects/demo"
                $0.constraint = "constraints/\(Self.creation)"
            })
        #expect(try await !isEnforced(fixture, on: "projects/demo"))
    }

    @Test("are refused when they say what their constraint cannot, and to those who may not")
    func wrong() async throws {
        let (fixture, _) = try await installed()
        let values = await refusal {
            _ = try await create(fixture, on: "projects/demo") { $0.rules = [.with { $0.allowAll = true }] }
        }
        #expect(values?.code == .invalidArgument)
        let unknown = await refusal {
            _ = try await create(fixture, on: "projects/demo", "compute.vmExternalIpAccess") { $0.reset = true }
        }
        #expect(unknown?.code == .notFound)
        // The owner of a project is not asked what its organization forbids.
        try await fixture.grant("roles/owner", to: "user:bob@example.com")
        let owner = await refusal {
            _ = try await create(fixture, on: "projects/demo", as: "bob@example.com") {
                $0.rules = [.with { $0.enforce = false }]
            }
        }
        #expect(owner?.code == .permissionDenied)
        #expect(fixture.directory.state.organizationPolicies.count == 1)
    }

    @Test("keep strangers to the organization out of its policies")
    func domains() async throws {
        let (fixture, project) = try await installed()
        let customer = try #require(fixture.directory.state.organization(above: project.resource)).customer
        _ = try await create(fixture, on: project.parent.path, "iam.allowedPolicyMemberDomains") {
            $0.rules = [.with { $0.values.allowedValues = [customer] }]
        }
        func grant(_ member: String) async throws {
            let _: Google_Iam_V1_Policy = try await fixture.call(
                "v1.Projects.SetIamPolicy",
                Google_Iam_V1_SetIamPolicyRequest.with {
                    $0.resource = "demo"
                    $0.policy.bindings = [
                        .with {
                            $0.role = "roles/owner"
                            $0.members = ["user:alice@example.com", member]
                        }
                    ]
                })
        }
        try await grant("user:bob@example.com")
        let refused3 = await refusal { try await grant("user:eve@other.org") }
        #expect(refused3?.code == .failedPrecondition)
    }
}
