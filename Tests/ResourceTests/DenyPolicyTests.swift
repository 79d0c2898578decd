import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing

private typealias DenyPolicyMessage = Google_Iam_V2_Policy
private typealias Operation = Google_Longrunning_Operation

@Suite("Deny policies")
struct DenyPolicyTests {
    private static let collection = "policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fdemo/denypolicies"
    private let fixture = try? Fixture()

    private func installed() async throws -> (Fixture, ProjectRecord) {
        let fixture = try #require(fixture)
        let project = try await fixture.install().project
        try await fixture.directory.grant("roles/iam.denyAdmin", to: "user:alice@example.com", on: project.parent)
        return (fixture, project)
    }

    private func create(
        _ fixture: Fixture, _ id: String = "no-deletion", as email: String = "alice@example.com",
        _ fill: (inout Google_Iam_V2_DenyRule) -> Void = { _ in }
    ) async throws -> DenyPolicyMessage {
        let operation: Operation = try await fixture.call(
            "v2.Policies.CreatePolicy",
            Google_Iam_V2_CreatePolicyRequest.with {
                $0.parent = Self.collection
                $0.policyID = id
                $0.policy.displayName = "Nobody deletes jobs"
                $0.policy.rules = [
                    .with {
                        $0.denyRule.deniedPrincipals = ["principalSet://goog/public:all"]
                        $0.denyRule.deniedPermissions = ["batch.googleapis.com/jobs.delete"]
                        fill(&$0.denyRule)
                    }
                ]
            }, as: email)
        let again: Operation = try await fixture.call(
            "longrunning.Operations.GetOperation",
            Google_Longrunning_GetOperationRequest.with { $0.name = operation.name }, at: "iam.googleapis.com")
        #expect(again.done && again.response == operation.response)
        return try DenyPolicyMessage(unpackingAny: operation.response)
    }

    private func mayDelete(_ fixture: Fixture, _ email: String = "alice@example.com") -> Bool {
        fixture.directory.decide(.user(email), "batch.jobs.delete", on: .project("demo")).isAllowed
    }

    private func refusal(_ body: () async throws -> Void) async -> ServiceError? {
        await #expect(throws: ServiceError.self) { try await body() }
    }

    @Test("take away what is granted, from the next call on, until they are deleted")
    func lifecycle() async throws {
        let (fixture, project) = try await installed()
        #expect(mayDelete(fixture))
        let made = try await create(fixture)
        #expect(!mayDelete(fixture))
        #expect(made.kind == "DenyPolicy" && made.uid.count == 36)
        #expect(
            made.name
                == "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F\(project.number)/denypolicies/no-deletion"
        )
        let list: Google_Iam_V2_ListPoliciesResponse = try await fixture.call(
            "v2.Policies.ListPolicies", Google_Iam_V2_ListPoliciesRequest.with { $0.parent = Self.collection })
        #expect(list.policies.map(\.name) == [made.name])
        #expect(list.policies.first?.rules.isEmpty == true)
        let got: DenyPolicyMessage = try await fixture.call(
            "v2.Policies.GetPolicy",
            Google_Iam_V2_GetPolicyRequest.with { $0.name = "\(Self.collection)/no-deletion" })
        #expect(got == made)
        let _: Operation = try await fixture.call(
            "v2.Policies.DeletePolicy", Google_Iam_V2_DeletePolicyRequest.with { $0.name = made.name })
        #expect(mayDelete(fixture))
        #expect(fixture.directory.state.denyPolicies.count == 0)
    }

    @Test("spare those that they except, and are changed by their etag")
    func update() async throws {
        let (fixture, _) = try await installed()
        try await fixture.grant("roles/owner", to: "user:bob@example.com")
        var policy = try await create(fixture)
        policy.rules[0].denyRule.exceptionPrincipals = ["principal://goog/subject/Bob@Example.com"]
        let changed = policy
        func update() async throws {
            let _: Operation = try await fixture.call(
                "v2.Policies.UpdatePolicy", Google_Iam_V2_UpdatePolicyRequest.with { $0.policy = changed })
        }
        try await update()
        #expect(mayDelete(fixture, "bob@example.com") && !mayDelete(fixture))
        let refused4 = await refusal { try await update() }
        #expect(refused4?.code == .aborted)
    }

    @Test("carry so many annotations and no more")
    func annotations() async throws {
        let (fixture, _) = try await installed()
        let error = await refusal {
            let _: Operation = try await fixture.call(
                "v2.Policies.CreatePolicy",
                Google_Iam_V2_CreatePolicyRequest.with {
                    $0.parent = Self.collection
                    $0.policyID = "noted"
                    $0.policy.annotations = ["note": String(repeating: "x", count: 17 << 10)]
                })
        }
        #expect(error?.code == .invalidArgument)
        #expect(fixture.directory.state.denyPolicies.count == 0)
    }

    @Test("are refused when they are wrong, twice, or to those who may not", arguments: [0, 1, 2, 3, 4])
    func wrong(index: Int) async throws {
        let (fixture, _) = try await installed()
        _ = try await create(fixture, "first")
        let (code, error): (ServiceError.Code, ServiceError?) =
            switch index {
            case 0: (.alreadyExists, await refusal { _ = try await create(fixture, "first") })
            case 1: (.invalidArgument, await refusal { _ = try await create(fixture, "X") })
            case 2:
                (
                    .invalidArgument,
                    await refusal {
                        _ = try await create(fixture, "other") { $0.deniedPrincipals = ["user:bob@example.com"] }
                    }
                )
            case 3:
                (
                    .invalidArgument,
                    await refusal {
                        _ = try await create(fixture, "other") { $0.deniedPermissions = ["batch.jobs.delete"] }
                    }
                )
            default:
                (.permissionDenied, await refusal { _ = try await create(fixture, "other", as: "bob@example.com") })
            }
        #expect(error?.code == code)
        #expect(fixture.directory.state.denyPolicies.sorted.map(\.policy.id) == ["first"])
    }
}
