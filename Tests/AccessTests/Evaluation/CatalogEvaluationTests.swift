import Testing

@testable import Access

@Suite("A decision")
struct EvaluationTests {
    private let roles = RoleCatalog.predefined
    private let alice = Principal.user("alice@example.com")
    private let robot = Principal.serviceAccount("123456789012-compute@developer.gserviceaccount.com")
    private let project = Resource.project("demo")
    private let organization = Resource.organization("987654321098")

    private func decide(
        _ principal: Principal, _ permission: Permission, role: String, members: [String], on resource: Resource
    ) -> Decision {
        let bound = Policy(bindings: [Binding(role: role, members: members)])
        let policies = [project, organization].map { BoundPolicy($0, $0 == resource ? bound : Policy()) }
        return roles.decide(principal, permission, on: project, policies: policies)
    }

    @Test("allows what a binding on the project grants, and proves it")
    func allowed() {
        let decision = decide(
            alice, "batch.jobs.create", role: "roles/batch.jobsEditor", members: ["user:alice@example.com"],
            on: project)
        let grant = Grant(role: "roles/batch.jobsEditor", member: .user("alice@example.com"), boundOn: project)
        #expect(decision == .allowed(grant))
        #expect(decision.isAllowed)
    }

    @Test("inherits from the organization")
    func inherited() {
        let decision = decide(
            alice, "batch.jobs.get", role: "roles/viewer", members: ["user:alice@example.com"], on: organization)
        guard case .allowed(let grant) = decision else {
            Issue.record("denied")
            return
        }
        #expect(grant.boundOn == organization)
    }

    @Test(
        "matches the members that mean the principal, and no others",
        arguments: [
            ("user:alice@example.com", true, false), ("domain:example.com", true, false),
            ("allUsers", true, true), ("allAuthenticatedUsers", true, true),
            ("serviceAccount:123456789012-compute@developer.gserviceaccount.com", false, true),
            ("user:123456789012-compute@developer.gserviceaccount.com", false, false),
            ("domain:developer.gserviceaccount.com", false, false), ("domain:ample.com", false, false),
            ("group:alice@example.com", false, false), ("deleted:user:alice@example.com?uid=1", false, false),
            ("projectOwner:demo", false, false), ("user:bob@example.com", false, false),
        ])
    func members(member: String, isAlice: Bool, isRobot: Bool) {
        for (principal, expected) in [(alice, isAlice), (robot, isRobot)] {
            let decision = decide(
                principal, "batch.jobs.get", role: "roles/viewer", members: ["user:x@example.com", member], on: project)
            #expect(decision.isAllowed == expected)
        }
    }

    @Test(
        "is a refusal for a role without the permission and for one that nobody knows",
        arguments: ["roles/batch.jobsViewer", "roles/made.up", "projects/demo/roles/custom"])
    func wrongRole(role: String) {
        let decision = decide(
            alice, "batch.jobs.create", role: role, members: ["user:alice@example.com"], on: project)
        #expect(!decision.isAllowed)
    }

    @Test("names the smallest grants that would help, on the project of what was asked for")
    func remedies() {
        let job = Resource.other(
            service: "batch.googleapis.com", path: "projects/demo/locations/us-central1", project: "demo")
        let decision = roles.decide(alice, "batch.jobs.create", on: job, policies: [])
        guard case .denied(let denial) = decision else {
            Issue.record("allowed")
            return
        }
        #expect(denial.principal == alice)
        #expect(denial.permission == "batch.jobs.create")
        #expect(denial.resource == job)
        #expect(denial.remedies.first == Remedy(role: "roles/batch.jobsEditor", on: project))
        #expect(denial.remedies.count == 4)
    }

    @Test("points to the organization for a role that can be granted only there")
    func remedyOnOrganization() {
        let decision = roles.decide(
            alice, "compute.oslogin.updateExternalUser", on: project,
            policies: [BoundPolicy(project, Policy()), BoundPolicy(organization, Policy())])
        guard case .denied(let denial) = decision else {
            Issue.record("allowed")
            return
        }
        #expect(denial.remedies.first == Remedy(role: "roles/compute.osLoginExternalUser", on: organization))
        #expect(denial.remedies.last == Remedy(role: "roles/owner", on: project))
    }
}
