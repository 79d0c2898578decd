import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import Testing

private typealias First = Google_Cloud_Policytroubleshooter_V1_TroubleshootIamPolicyResponse
private typealias Second = Google_Cloud_Policytroubleshooter_V2alpha1_TroubleshootIamPolicyResponse

@Suite("Policy Troubleshooter v1 and v2alpha1")
struct OldTroubleshooterTests {
    private static let demo = "//cloudresourcemanager.googleapis.com/projects/demo"

    private func installed() async throws -> Fixture {
        try await Fixture.installed(granting: "roles/iam.securityReviewer")
    }

    private func first(
        _ fixture: Fixture, _ permission: String, by principal: String = "bob@example.com", on resource: String = demo,
        as email: String = "alice@example.com"
    ) async throws -> First {
        try await fixture.call(
            "IamChecker.TroubleshootIamPolicy",
            Google_Cloud_Policytroubleshooter_V1_TroubleshootIamPolicyRequest.with {
                $0.accessTuple.principal = principal
                $0.accessTuple.permission = permission
                $0.accessTuple.fullResourceName = resource
            }, as: email)
    }

    private func second(_ fixture: Fixture, _ permission: String, at time: Date? = nil) async throws -> Second {
        try await fixture.call(
            "IamChecker.TroubleshootIamPolicy",
            Google_Cloud_Policytroubleshooter_V2alpha1_TroubleshootIamPolicyRequest.with {
                $0.accessTuple.principal = "bob@example.com"
                $0.accessTuple.permission = permission
                $0.accessTuple.fullResourceName = Self.demo
                if let time { $0.accessTuple.conditionContext.request.receiveTime = .init(date: time) }
            })
    }

    @Test("say which binding grants a permission, by which of its members, and show its policy")
    func granted() async throws {
        let fixture = try await installed()
        try await fixture.grant("roles/batch.jobsViewer", to: "domain:example.com")
        let answer = try await first(fixture, "batch.jobs.list")
        #expect(answer.access == .granted)
        let policy = try #require(answer.explainedPolicies.first)
        #expect(policy.fullResourceName == Self.demo)
        #expect(policy.access == .granted && policy.relevance == .high)
        #expect(policy.policy.bindings.map(\.role).contains("roles/batch.jobsViewer"))
        let binding = try #require(policy.bindingExplanations.first { $0.role == "roles/batch.jobsViewer" })
        #expect(binding.access == .granted && binding.rolePermission == .included)
        #expect(binding.memberships["domain:example.com"]?.membership == .included)
        let owner = try #require(policy.bindingExplanations.first { $0.role == "roles/owner" })
        #expect(owner.access == .notGranted && owner.memberships["user:alice@example.com"]?.membership == .notIncluded)
        #expect(try await second(fixture, "batch.jobs.list").access == .granted)
        #expect(try await first(fixture, "batch.jobs.delete").access == .notGranted)
        #expect(try await second(fixture, "batch.jobs.delete").access == .notGranted)
    }

    @Test("leave a condition open in v1, and evaluate it at the time that is asked about in v2alpha1")
    func condition() async throws {
        let fixture = try await installed()
        try await fixture.directory.change { draft in
            var policy = draft.state.policy(of: .project("demo"))
            policy.bindings.append(
                Binding(
                    role: "roles/batch.jobsViewer", members: ["user:bob@example.com"],
                    condition: PolicyCondition("request.time < timestamp('2020-01-01T00:00:00Z')", title: "once")))
            try draft.setPolicy(policy, of: .project("demo"))
        }
        let open = try await first(fixture, "batch.jobs.list")
        #expect(open.access == .unknownConditional)
        #expect(open.explainedPolicies[0].bindingExplanations.last?.condition.title == "once")
        #expect(open.explainedPolicies[0].bindingExplanations.last?.access == .unknownConditional)
        #expect(try await first(fixture, "batch.jobs.delete").access == .notGranted)
        #expect(try await second(fixture, "batch.jobs.list").access == .notGranted)
        #expect(try await second(fixture, "batch.jobs.list", at: Date(timeIntervalSince1970: 0)).access == .granted)
    }

    @Test("show nobody a policy that they may not read, nor whether a resource exists")
    func stranger() async throws {
        let fixture = try await installed()
        let eve = "eve@other.org"
        let answer = try await first(fixture, "batch.jobs.list", by: "alice@example.com", as: eve)
        #expect(answer == .with { $0.access = .unknownInfoDenied })
        let nowhere = "//cloudresourcemanager.googleapis.com/projects/nowhere"
        let missing = try await first(fixture, "batch.jobs.list", by: "alice@example.com", on: nowhere, as: eve)
        #expect(missing == answer)
        // One who may read the project's policy alone.
        try await fixture.grant("roles/resourcemanager.projectIamAdmin", to: "user:\(eve)")
        let part = try await first(fixture, "batch.jobs.list", as: eve)
        #expect(part.access == .unknownInfoDenied)
        #expect(part.explainedPolicies.map(\.fullResourceName) == [Self.demo, ""])
        #expect(try await first(fixture, "batch.jobs.list", by: "alice@example.com", as: eve).access == .granted)
    }

    @Test(
        "are refused when they ask for nobody, nothing or nowhere",
        arguments: [
            ("bob", "batch.jobs.list", demo), ("bob@example.com", "no.such.thing", demo),
            ("bob@example.com", "batch.jobs.list", "projects/demo"),
        ])
    func wrong(principal: String, permission: String, resource: String) async throws {
        let fixture = try await installed()
        let error = await #expect(throws: ServiceError.self) {
            _ = try await first(fixture, permission, by: principal, on: resource)
        }
        #expect(error?.code == .invalidArgument)
    }
}
