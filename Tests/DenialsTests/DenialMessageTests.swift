import Access
import Schema
import Testing

@testable import Denials

@Suite("What is kept of a refusal")
struct DenialMessageTests {
    @Test("says who asked for what, what was looked at, what came close and what would help")
    func whole() throws {
        var world = try World()
        world.grant("roles/batch.jobsEditor", to: "group:team@example.com", on: .project("demo"))
        world.grant("roles/batch.jobsViewer", to: "user:alice@example.com", on: .folder("10"))
        world.grant("roles/browser", to: "user:root@example.com", on: .folder("10"))
        let denial = try world.message("123")
        #expect(denial.name == "denials/zzzzzzzzzzzz")
        #expect(denial.principal == "user:alice@example.com")
        #expect(denial.permission == "batch.jobs.create")
        #expect(denial.resource == "//batch.googleapis.com/projects/123/locations/l")
        #expect(denial.canonicalResource == "//batch.googleapis.com/projects/demo/locations/l")
        #expect(denial.message.hasPrefix("Permission 'batch.jobs.create' denied"))
        #expect(denial.cause == .notGranted)
        #expect(denial.policies.map(\.resource.tail) == ["projects/demo", "folders/10"])
        #expect(denial.policies.map(\.bindingCount) == [1, 2])
        #expect(
            denial.policies.map { $0.bindings.map(\.role) } == [["roles/batch.jobsEditor"], ["roles/batch.jobsViewer"]])
        #expect(denial.policies.flatMap(\.bindings).map(\.hasPermission_p) == [true, false])
        #expect(denial.policies.flatMap(\.bindings).map(\.member) == ["", "user:alice@example.com"])
        #expect(denial.nearMisses.map(\.kind) == [.group, .otherRole])
        #expect(
            denial.remedies.first?.command
                == "gcloud projects add-iam-policy-binding demo --member=user:alice@example.com "
                + "--role=roles/batch.jobsEditor --condition=None")
    }

    @Test("names the deny rule that applies")
    func denyRule() throws {
        var world = try World()
        world.grant("roles/owner", to: "user:alice@example.com", on: .project("demo"))
        let rule = DenyRule(
            deniedPrincipals: ["principalSet://goog/public:all"],
            deniedPermissions: ["batch.googleapis.com/jobs.create"])
        world.index.setDenyPolicies([DenyPolicy(id: "no-jobs", rules: [rule])], on: .organization("1"))
        let denial = try world.message()
        #expect(denial.cause == .denyRule)
        #expect(denial.causeDetail == "rule 0 of no-jobs on organizations/1")
        #expect(denial.denyRules.map(\.applies) == [true])
    }

    @Test("says for its owner's eyes that there is no such resource")
    func missing() throws {
        #expect(try World().message("nowhere").cause == .noResource)
        #expect(try World().message("demo").cause == .notGranted)
    }

    @Test("has the values of a condition that did not hold")
    func condition() throws {
        var world = try World()
        world.grant(
            "roles/batch.jobsEditor", to: "user:alice@example.com", on: .project("demo"),
            if: #"request.time < timestamp("2020-01-01T00:00:00Z")"#)
        let denial = try world.message()
        #expect(denial.nearMisses.first?.kind == .condition)
        #expect(denial.nearMisses.first?.condition.outcome == .unsatisfied)
        #expect(denial.nearMisses.first?.condition.explanation.contains("2020-01-01") == true)
    }

    @Test("is bounded, however large the policies are")
    func bounded() throws {
        var world = try World()
        let members = (0..<100).map { "user:u\($0)@example.com" }
        var policy = Policy()
        policy.bindings = (0..<400).map { number in
            let condition = PolicyCondition(
                "resource.name == \"\(String(repeating: "x", count: 600))\(number)\"", title: "t")
            return Binding(
                role: "roles/batch.jobsEditor", members: members + ["user:alice@example.com"], condition: condition)
        }
        world.index.setPolicy(policy, of: .project("demo"))
        let denial = try world.message()
        #expect(denial.policies.first?.bindingCount == 400)
        #expect(denial.policies.first?.bindings.count == DenialMessage.mostSteps)
        #expect(try denial.serializedData().count < 64 << 10)
    }

    @Test(
        "gives commands that a shell takes as they are meant",
        arguments: [
            (Resource.project("demo"), "gcloud projects add-iam-policy-binding demo --member=user:a@b.c --role=r"),
            (.project("$(reboot)"), "gcloud projects add-iam-policy-binding '$(reboot)' --member=user:a@b.c --role=r"),
            (.project("it's"), #"gcloud projects add-iam-policy-binding 'it'\''s' --member=user:a@b.c --role=r"#),
            (
                .serviceAccount(email: "x@p.iam.gserviceaccount.com", project: "p"),
                "gcloud iam service-accounts add-iam-policy-binding x@p.iam.gserviceaccount.com --project=p "
                    + "--member=user:a@b.c --role=r"
            ),
            (.folder("1"), "gcloud resource-manager folders add-iam-policy-binding 1 --member=user:a@b.c --role=r"),
            (.organization("1"), "gcloud organizations add-iam-policy-binding 1 --member=user:a@b.c --role=r"),
        ])
    func commands(resource: Resource, command: String) {
        #expect(resource.grantCommand(role: "r", member: "user:a@b.c") == command + " --condition=None")
    }
}

extension String {
    /// A full name without its service.
    var tail: String { split(separator: "/").dropFirst().joined(separator: "/") }
}
