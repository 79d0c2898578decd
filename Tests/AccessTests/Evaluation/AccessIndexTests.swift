import FoundationEssentials
import Testing

@testable import Access

@Suite("A decision by the index")
struct AccessIndexTests {
    let now = RequestContext(time: Date(timeIntervalSince1970: 1_780_000_000))
    let alice = Principal.user("alice@example.com")
    let robot = ServiceAccount(
        email: "robot@demo.iam.gserviceaccount.com", uniqueID: "111", project: "demo")
    let project = Resource.project("demo")

    func index() throws -> AccessIndex {
        var index = AccessIndex(catalog: .predefined, principals: PrincipalDirectory(accounts: [:]))
        try index.changeHierarchy { hierarchy throws(HierarchyError) in
            hierarchy.put(Organization(number: "1", domain: "example.com", customer: "C1"))
            try hierarchy.put(Folder(number: "10", parent: .organization("1")))
            try hierarchy.put(Project(id: "demo", number: "123", parent: .folder("10")))
            try hierarchy.put(Project(id: "other", number: "124", parent: .organization("1")))
        }
        index.setAccount(robot)
        return index
    }

    func cause(_ decision: Decision) -> Denial.Cause? {
        guard case .denied(let denial) = decision else { return nil }
        return denial.cause
    }

    func grant(_ role: String, to members: String..., if condition: String? = nil) -> Policy {
        Policy(bindings: [
            Binding(role: role, members: members, condition: condition.map { PolicyCondition($0, title: "t") })
        ])
    }

    @Test("names the binding that grants, on the project whichever way it is named")
    func allowed() throws {
        var index = try index()
        index.setPolicy(grant("roles/batch.jobsEditor", to: "user:alice@example.com"), of: .folder("10"))
        let grant = Grant(role: "roles/batch.jobsEditor", member: .user("alice@example.com"), boundOn: .folder("10"))
        for name in ["demo", "123"] {
            let place = Resource.other(
                service: "batch.googleapis.com", path: "projects/\(name)/locations/l", project: name)
            #expect(index.decide(alice, "batch.jobs.create", on: place, in: now) == .allowed(grant))
        }
        #expect(!index.decide(alice, "batch.jobs.create", on: .project("other"), in: now).isAllowed)
        index.setPolicy(nil, of: .folder("10"))
        #expect(!index.decide(alice, "batch.jobs.create", on: project, in: now).isAllowed)
    }

    @Test("depends on the time of the request where a condition does")
    func conditions() throws {
        var index = try index()
        let expression = #"request.time < timestamp("2026-06-01T00:00:00Z")"#
        index.setPolicy(grant("roles/browser", to: "user:alice@example.com", if: expression), of: project)
        let later = RequestContext(time: now.time + 1_000_000)
        #expect(index.decide(alice, "resourcemanager.projects.get", on: project, in: now).isAllowed)
        #expect(!index.decide(alice, "resourcemanager.projects.get", on: project, in: later).isAllowed)
        let proof = index.explain(alice, "resourcemanager.projects.get", on: project, in: later)
        guard case .condition(let step)? = proof.nearMisses.first else {
            Issue.record("\(proof)")
            return
        }
        #expect(step.condition?.outcome == .unsatisfied)
        #expect(step.condition?.explanation.contains("2026-06") == true)
    }

    @Test("refuses what a deny rule denies, whatever is granted, but for its exceptions")
    func denied() throws {
        var index = try index()
        index.setPolicy(grant("roles/owner", to: "domain:example.com"), of: project)
        let rule = DenyRule(
            deniedPrincipals: ["principalSet://goog/public:all"],
            exceptionPrincipals: ["principal://goog/subject/bob@example.com"],
            deniedPermissions: ["batch.googleapis.com/jobs.*"], exceptionPermissions: ["batch.googleapis.com/jobs.get"])
        index.setDenyPolicies([DenyPolicy(id: "no-jobs", rules: [rule])], on: .organization("1"))
        let reference = DenyRuleReference(on: .organization("1"), "no-jobs", rule: 0)
        #expect(cause(index.decide(alice, "batch.jobs.create", on: project, in: now)) == .denied(by: reference))
        #expect(index.decide(alice, "batch.jobs.get", on: project, in: now).isAllowed)
        #expect(index.decide(.user("bob@example.com"), "batch.jobs.create", on: project, in: now).isAllowed)
        let proof = index.explain(alice, "batch.jobs.create", on: project, in: now)
        #expect(proof.denyRules.map(\.applies) == [true])
        // As if there were no such rule, and as for a project that does not exist: the caller is not told which.
        let nowhere = index.explain(alice, "batch.jobs.create", on: .project("nowhere"), in: now)
        if case .denied(let denial) = proof.decision, case .denied(let other) = nowhere.decision {
            #expect(denial.remedies.map(\.role).prefix(3) == other.remedies.map(\.role).prefix(3))
            #expect(denial.remedies.first?.on == project)
        }
    }

    @Test("applies a deny rule whose condition cannot be evaluated")
    func deniedUnevaluable() throws {
        var index = try index()
        index.setPolicy(grant("roles/owner", to: "user:alice@example.com"), of: project)
        let tag = #"resource.hasTagKey("1/env")"#
        for (expression, isAllowed) in [(#"resource.name == "x""#, false), ("no condition", false), (tag, true)] {
            let rule = DenyRule(
                deniedPrincipals: ["principalSet://goog/public:all"], deniedPermissions: ["batch.googleapis.com/*.*"],
                condition: PolicyCondition(expression, title: "t"))
            index.setDenyPolicies([DenyPolicy(id: "deny", rules: [rule])], on: project)
            #expect(index.decide(alice, "batch.jobs.get", on: project, in: now).isAllowed == isAllowed, "\(expression)")
        }
    }

    @Test("refuses service accounts that are disabled, deleted or made anew")
    func accounts() throws {
        var index = try index()
        index.setPolicy(grant("roles/owner", to: "serviceAccount:\(robot.email)"), of: project)
        func decide(_ id: String?) -> Decision {
            index.decide(.serviceAccount(robot.email, uniqueID: id), "batch.jobs.get", on: project, in: now)
        }
        #expect(decide("111").isAllowed)
        #expect(decide(nil).isAllowed)
        #expect(cause(decide("112")) == .accountGone)
        var disabled = robot
        disabled.isDisabled = true
        index.setAccount(disabled)
        #expect(cause(decide("111")) == .accountDisabled)
        index.removeAccount(robot)
        #expect(cause(decide("111")) == .accountGone)
        let buried = try #require(index.policy(of: project).burying(.serviceAccount(robot.email), uid: "111"))
        index.setPolicy(buried, of: project)
        var anew = robot
        anew.uniqueID = "112"
        index.setAccount(anew)
        #expect(cause(decide("112")) == .notGranted)
        let proof = index.explain(.serviceAccount(robot.email, uniqueID: "112"), "batch.jobs.get", on: project, in: now)
        let tombstone = Tombstone(.serviceAccount, email: robot.email, uid: "111")
        #expect(proof.nearMisses == [.former(tombstone, role: "roles/owner", on: project)])
    }

    @Test("means the service accounts of a container by their kind")
    func sets() throws {
        var index = try index()
        var agent = robot
        agent.email = "agent@demo.iam.gserviceaccount.com"
        agent.isServiceAgent = true
        index.setAccount(agent)
        let member = Member.accounts(.serviceAgent, in: "folders/10")
        index.setPolicy(grant("roles/browser", to: member.text), of: .project("other"))
        func isAllowed(_ email: String) -> Bool {
            index.decide(.serviceAccount(email), "resourcemanager.projects.get", on: .project("other"), in: now)
                .isAllowed
        }
        #expect(isAllowed(agent.email))
        #expect(!isAllowed(robot.email))
    }

    @Test("means identities of pools by subject, group, attribute and pool; not as authenticated users")
    func federated() throws {
        var index = try index()
        let pool = Pool.workload("ci", project: "123")
        let principal = Principal.federated(
            FederatedIdentity(pool: pool, subject: "s", groups: ["dev"], attributes: ["repository": "acme"]))
        let prefix = "iam.googleapis.com/\(pool.path)"
        for (member, isAllowed) in [
            ("principal://\(prefix)/subject/s", true), ("principalSet://\(prefix)/group/dev", true),
            ("principalSet://\(prefix)/attribute.repository/acme", true), ("principalSet://\(prefix)/*", true),
            ("principal://\(prefix)/subject/t", false), ("principalSet://\(prefix)/group/ops", false),
            ("principalSet://iam.googleapis.com/locations/global/workforcePools/ci/*", false),
            ("allAuthenticatedUsers", false), ("allUsers", true),
        ] {
            index.setPolicy(grant("roles/browser", to: member), of: project)
            let decision = index.decide(principal, "resourcemanager.projects.get", on: project, in: now)
            #expect(decision.isAllowed == isAllowed, "\(member)")
        }
    }

    @Test("lets a call without credentials do what is open to everyone")
    func unauthenticated() throws {
        var index = try index()
        for (member, isAllowed) in [("allUsers", true), ("allAuthenticatedUsers", false)] {
            index.setPolicy(grant("roles/browser", to: member), of: project)
            let decision = index.decide(.unauthenticated, "resourcemanager.projects.get", on: project, in: now)
            #expect(decision.isAllowed == isAllowed)
        }
    }

    @Test("refuses everything in a project marked for deletion but looking at it and taking it up again")
    func deletedProject() throws {
        var index = try index()
        index.setPolicy(grant("roles/owner", to: "user:alice@example.com"), of: .organization("1"))
        try index.changeHierarchy { hierarchy throws(HierarchyError) in
            try hierarchy.put(Project(id: "demo", number: "123", parent: .folder("10"), isActive: false))
        }
        #expect(cause(index.decide(alice, "batch.jobs.get", on: project, in: now)) == .projectDeleted(number: "123"))
        #expect(index.decide(alice, "resourcemanager.projects.undelete", on: project, in: now).isAllowed)
        let robot = Principal.serviceAccount(robot.email)
        #expect(cause(index.decide(robot, "batch.jobs.get", on: .project("other"), in: now)) == .accountGone)
    }

    @Test("keeps service accounts to their project as long as the constraint is enforced there")
    func attaching() throws {
        var index = try index()
        index.setPolicy(grant("roles/iam.serviceAccountUser", to: "user:alice@example.com"), of: project)
        let constraint = Constraint.disableCrossProjectServiceAccountUsage
        func decide(in user: String?) -> Decision {
            let context = RequestContext(time: now.time, attachingIn: user)
            return index.decide(alice, "iam.serviceAccounts.actAs", on: robot.resource, in: context)
        }
        #expect(decide(in: nil).isAllowed)
        #expect(decide(in: "demo").isAllowed)
        #expect(decide(in: "123").isAllowed)
        #expect(cause(decide(in: "other")) == .constraint(name: constraint.name, project: "demo"))
        let policy = OrganizationPolicy(constraint, rules: [.init(.enforce(false))])
        index.setOrganizationPolicy(policy, for: constraint, on: .folder("10"))
        #expect(decide(in: "other").isAllowed)
        #expect(index.organizationPolicy(for: constraint, on: .folder("10")) == policy)
    }

    @Test("is refused on what does not exist, and on a service account named in another's project")
    func missing() throws {
        var index = try index()
        index.setPolicy(grant("roles/owner", to: "user:alice@example.com"), of: .organization("1"))
        for resource in [
            Resource.project("gone"), .folder("99"), .organization("2"), .job("j", location: "l", project: "gone"),
            .serviceAccount(email: robot.email, project: "other"),
            .serviceAccount(email: "gone@demo.iam.gserviceaccount.com", project: "-"),
        ] {
            #expect(cause(index.decide(alice, "iam.serviceAccounts.get", on: resource, in: now)) == .notGranted)
            #expect(
                cause(index.explain(alice, "iam.serviceAccounts.actAs", on: resource, in: now).decision) == .notGranted)
        }
        #expect(index.decide(alice, "iam.serviceAccounts.actAs", on: robot.resource, in: now).isAllowed)
        let unnamed = Resource.serviceAccount(email: robot.email, project: "-")
        #expect(index.decide(alice, "iam.serviceAccounts.actAs", on: unnamed, in: now).isAllowed)
    }

    @Test(
        "knows one custom role among a thousand",
        arguments: [nil, "request.time > timestamp(\"2020-01-01T00:00:00Z\")"])
    func manyRoles(condition: String?) throws {
        var index = try index()
        for number in 0..<1000 {
            let name = CustomRole.Name(.project("demo"), "role\(number)")
            index.setRole(
                CustomRole(
                    name: name, title: "", about: "", stage: .generalAvailability,
                    permissions: [number == 999 ? "batch.jobs.get" : "batch.jobs.list"], etag: Data()))
        }
        for (role, isAllowed) in [("projects/demo/roles/role998", false), ("projects/demo/roles/role999", true)] {
            index.setPolicy(grant(role, to: "user:alice@example.com", if: condition), of: project)
            #expect(index.decide(alice, "batch.jobs.get", on: project, in: now).isAllowed == isAllowed)
        }
    }

    @Test("gives a project that has a removed one's id nothing of what that one had")
    func anew() throws {
        var index = try index()
        let job = Resource.job("etl", location: "l", project: "demo")
        let name = CustomRole.Name(.project("demo"), "mine")
        let rule = DenyRule(
            deniedPrincipals: ["principalSet://goog/public:all"], deniedPermissions: ["batch.googleapis.com/*.*"])
        index.setRole(
            CustomRole(
                name: name, title: "Mine", about: "", stage: .generalAvailability, permissions: ["batch.jobs.get"],
                etag: Data()))
        index.setPolicy(grant("roles/owner", to: "user:alice@example.com"), of: project)
        index.setPolicy(grant("roles/run.admin", to: "domain:example.com"), of: job)
        index.setDenyPolicies([DenyPolicy(id: "no-jobs", rules: [rule])], on: project)
        #expect(index.decide(alice, "run.jobs.run", on: job, in: now).isAllowed)
        try index.remove(project)
        try index.changeHierarchy { hierarchy throws(HierarchyError) in
            try hierarchy.put(Project(id: "demo", number: "125", parent: .organization("1")))
        }
        #expect(cause(index.decide(alice, "run.jobs.run", on: job, in: now)) == .notGranted)
        #expect(cause(index.decide(alice, "batch.jobs.get", on: project, in: now)) == .notGranted)
        #expect(
            cause(index.decide(.serviceAccount(robot.email), "batch.jobs.get", on: project, in: now)) == .accountGone)
        #expect(index.catalog[name.text] == nil)
        #expect(throws: HierarchyError.notEmpty) { try index.remove(.organization("1")) }
    }
}
