import Testing

@testable import Access

@Suite("The rules of a policy")
struct PolicyRulesTests {
    private let rules = PolicyRules(roles: .predefined)
    private let project = Resource.project("demo")

    @Test("merge bindings of one role, drop duplicates and empty bindings, and lower the case of addresses")
    func canonical() throws {
        let written = try rules.canonical(
            [
                Binding(role: "roles/viewer", members: ["user:Alice@Example.com", "user:bob@example.com"]),
                Binding(role: "roles/owner", members: ["user:bob@example.com"]),
                Binding(role: "roles/viewer", members: ["user:alice@example.com", "domain:Example.com"]),
                Binding(role: "roles/editor", members: []),
            ], for: project)
        let viewers = ["user:alice@example.com", "user:bob@example.com", "domain:example.com"]
        #expect(
            written == [
                Binding(role: "roles/viewer", members: viewers),
                Binding(role: "roles/owner", members: ["user:bob@example.com"]),
            ])
    }

    @Test(
        "refuse members by name",
        arguments: [
            ("alice@example.com", "must be of the form"), ("user:", "must be of the form"),
            ("user:alice", "must be of the form"), ("user:a b@example.com", "must be of the form"),
            ("robot:alice@example.com", "must be of the form"), ("domain:example", "must be of the form"),
            ("", "must be of the form"), ("deleted:user:alice@example.com", "must be of the form"),
            ("allUsers", "not allowed"), ("allAuthenticatedUsers", "not allowed"),
            ("projectOwner:demo", "not allowed"), ("group:team@example.com", "does not exist"),
            ("principal://iam.googleapis.com/x", "must be of the form"),
        ])
    func wrongMember(member: String, text: String) {
        let error = #expect(throws: PolicyError.self) {
            try rules.canonical([Binding(role: "roles/viewer", members: ["user:a@b.cd", member])], for: project)
        }
        #expect(error?.message.contains(text) == true)
        #expect(error?.field == "policy.bindings[0].members[1]")
    }

    @Test("say why allUsers is refused, for programs")
    func reason() {
        let error = #expect(throws: PolicyError.self) {
            try rules.canonical([Binding(role: "roles/viewer", members: ["allUsers"])], for: project)
        }
        #expect(error?.reason == .disallowedMemberType)
    }

    @Test("keep deleted principals, which grant nothing")
    func deleted() throws {
        let binding = Binding(role: "roles/viewer", members: ["deleted:user:alice@example.com?uid=123"])
        #expect(try rules.canonical([binding], for: project) == [binding])
    }

    @Test(
        "grant a role only where it can be granted",
        arguments: [
            ("roles/compute.osLoginExternalUser", Resource.project("demo"), false),
            ("roles/compute.osLoginExternalUser", Resource.organization("1"), true),
            ("roles/resourcemanager.organizationAdmin", Resource.project("demo"), false),
            ("roles/batch.jobsEditor", Resource.project("demo"), true),
            ("roles/batch.jobsEditor", Resource.organization("1"), true),
            ("roles/batch.jobsEditor", Resource.serviceAccount(email: "a@b.cd", project: "demo"), false),
            ("roles/made.up", Resource.project("demo"), false),
            ("viewer", Resource.project("demo"), false),
        ])
    func grantable(role: String, resource: Resource, isGrantable: Bool) {
        let binding = Binding(role: role, members: ["user:alice@example.com"])
        if isGrantable {
            #expect(throws: Never.self) { try rules.canonical([binding], for: resource) }
        } else {
            let error = #expect(throws: PolicyError.self) { try rules.canonical([binding], for: resource) }
            #expect(error?.message.hasPrefix("Role \(role) is not supported for this resource.") == true)
            #expect(error?.field == "policy.bindings[0].role")
        }
    }

    @Test("bound the number of members")
    func limit() throws {
        func bindings(_ count: Int) -> [Binding] {
            [Binding(role: "roles/viewer", members: (0..<count).map { "user:u\($0)@example.com" })]
        }
        #expect(try rules.canonical(bindings(1500), for: project).first?.members.count == 1500)
        #expect(throws: PolicyError.self) { try rules.canonical(bindings(1501), for: project) }
    }
}
