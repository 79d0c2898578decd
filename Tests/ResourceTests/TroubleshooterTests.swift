import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import Testing

private typealias Request = Google_Cloud_Policytroubleshooter_Iam_V3_TroubleshootIamPolicyRequest
private typealias Response = Google_Cloud_Policytroubleshooter_Iam_V3_TroubleshootIamPolicyResponse

@Suite("Policy Troubleshooter")
struct TroubleshooterTests {
    private static let demo = "//cloudresourcemanager.googleapis.com/projects/demo"

    private func installed() async throws -> Fixture {
        try await Fixture.installed(granting: "roles/iam.securityReviewer", "roles/iam.denyReviewer")
    }

    private func ask(
        _ fixture: Fixture, _ principal: String, _ permission: String, on resource: String = demo,
        as email: String = "alice@example.com"
    ) async throws -> Response {
        try await fixture.call(
            "PolicyTroubleshooter.TroubleshootIamPolicy",
            Request.with {
                $0.accessTuple.principal = principal
                $0.accessTuple.permission = permission
                $0.accessTuple.fullResourceName = resource
            }, as: email)
    }

    @Test("says what is decided, and which binding and which of its members it comes from")
    func granted() async throws {
        let fixture = try await installed()
        try await fixture.grant("roles/batch.jobsViewer", to: "domain:example.com")
        let answer = try await ask(fixture, "bob@example.com", "batch.jobs.list")
        #expect(answer.overallAccessState == .canAccess)
        #expect(answer.accessTuple.permissionFqdn == "batch.googleapis.com/jobs.list")
        let explained = answer.allowPolicyExplanation.explainedPolicies
        #expect(explained.map(\.fullResourceName).first == Self.demo)
        let binding = try #require(explained[0].bindingExplanations.first { $0.role == "roles/batch.jobsViewer" })
        #expect(binding.allowAccessState == .granted)
        #expect(binding.memberships["domain:example.com"]?.membership == .membershipMatched)
        let owner = try #require(explained[0].bindingExplanations.first { $0.role == "roles/owner" })
        #expect(owner.rolePermission == .rolePermissionIncluded)
        #expect(owner.memberships["user:alice@example.com"]?.membership == .membershipNotMatched)
        let refused = try await ask(fixture, "bob@example.com", "batch.jobs.delete")
        #expect(refused.overallAccessState == .cannotAccess)
        #expect(refused.allowPolicyExplanation.allowAccessState == .notGranted)
    }

    @Test("says how a condition came out, at the time that is asked about")
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
        for (time, isAllowed) in [(Date(), false), (Date(timeIntervalSince1970: 0), true)] {
            let answer: Response = try await fixture.call(
                "PolicyTroubleshooter.TroubleshootIamPolicy",
                Request.with {
                    $0.accessTuple.principal = "bob@example.com"
                    $0.accessTuple.permission = "batch.jobs.list"
                    $0.accessTuple.fullResourceName = Self.demo
                    $0.accessTuple.conditionContext.request.receiveTime = .init(date: time)
                })
            #expect(answer.overallAccessState == (isAllowed ? .canAccess : .cannotAccess))
            let binding = answer.allowPolicyExplanation.explainedPolicies[0].bindingExplanations.last
            #expect(binding?.condition.title == "once")
            #expect(binding?.conditionExplanation.value.boolValue == isAllowed)
        }
    }

    @Test("names the deny rule that refuses what is granted")
    func denial() async throws {
        let fixture = try await installed()
        let rule = DenyRule(
            deniedPrincipals: ["principalSet://goog/public:all"],
            deniedPermissions: ["batch.googleapis.com/jobs.delete"])
        try await fixture.directory.change { draft in
            try draft.put(
                DenyPolicyRecord(
                    DenyPolicy(id: "no-deletion", rules: [rule]), on: .project("demo"), uid: "u", createdAt: Date()))
        }
        let answer = try await ask(fixture, "alice@example.com", "batch.jobs.delete")
        #expect(answer.overallAccessState == .cannotAccess)
        #expect(answer.allowPolicyExplanation.allowAccessState == .granted)
        #expect(answer.denyPolicyExplanation.denyAccessState == .denied)
        let policy = answer.denyPolicyExplanation.explainedResources[0].explainedPolicies.first
        #expect(policy?.policy.name == "no-deletion")
        #expect(policy?.ruleExplanations.first?.denyAccessState == .denied)
    }

    @Test("shows nobody a policy that he may not read, nor what follows from it")
    func stranger() async throws {
        let fixture = try await installed()
        let answer = try await ask(fixture, "alice@example.com", "batch.jobs.list", as: "eve@other.org")
        #expect(answer.overallAccessState == .unknownInfo)
        #expect(answer.allowPolicyExplanation.explainedPolicies.isEmpty)
        #expect(answer.denyPolicyExplanation.denyAccessState == .unknownInfo)
        let nowhere = try await ask(
            fixture, "alice@example.com", "batch.jobs.list",
            on: "//cloudresourcemanager.googleapis.com/projects/nowhere", as: "eve@other.org")
        var alike = nowhere
        alike.accessTuple = answer.accessTuple
        #expect(alike == answer)
    }

    @Test(
        "is refused when it asks for nobody, nothing or nowhere",
        arguments: [
            ("bob", "batch.jobs.list", demo), ("bob@example.com", "no.such.thing", demo),
            ("bob@example.com", "batch.jobs.list", "projects/demo"),
        ])
    func wrong(principal: String, permission: String, resource: String) async throws {
        let fixture = try await installed()
        let error = await #expect(throws: ServiceError.self) {
            _ = try await ask(fixture, principal, permission, on: resource)
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test(
        "is refused when it asks about no time that there is",
        arguments: [
            (Int64.max, 0), (Int64.min, 0), (253_402_300_800, 0), (-62_135_596_801, 0), (0, -1), (0, 1_000_000_000),
        ] as [(Int64, Int32)])
    func wrongTime(seconds: Int64, nanos: Int32) async throws {
        let fixture = try await installed()
        let error = await #expect(throws: ServiceError.self) {
            let _: Response = try await fixture.call(
                "PolicyTroubleshooter.TroubleshootIamPolicy",
                Request.with {
                    $0.accessTuple.principal = "bob@example.com"
                    $0.accessTuple.permission = "batch.jobs.list"
                    $0.accessTuple.fullResourceName = Self.demo
                    $0.accessTuple.conditionContext.request.receiveTime.seconds = seconds
                    $0.accessTuple.conditionContext.request.receiveTime.nanos = nanos
                })
        }
        #expect(error?.code == .invalidArgument)
    }
}
