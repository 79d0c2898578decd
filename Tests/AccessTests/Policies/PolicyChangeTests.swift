import FoundationEssentials
import Testing

@testable import Access

@Suite("A policy that is to be bound")
struct PolicyChangeTests {
    private static let mine = CustomRole.Name(.project("demo"), "mine")
    private let robot = ServiceAccount(
        email: "robot@demo.iam.gserviceaccount.com", uniqueID: "111", project: "demo")

    private func index() throws -> AccessIndex {
        var index = AccessIndex(catalog: .predefined, principals: PrincipalDirectory(accounts: [robot.email: robot]))
        try index.changeHierarchy { hierarchy throws(HierarchyError) in
            hierarchy.put(Organization(number: "1", domain: "example.com", customer: "C1"))
            hierarchy.put(Organization(number: "2", domain: "other.org", customer: "C2"))
            try hierarchy.put(Project(id: "demo", number: "123", parent: .organization("1")))
            try hierarchy.put(Project(id: "other", number: "124", parent: .organization("2")))
        }
        index.setPool(.workload("ci", project: "124"), exists: true)
        try index.setGroup("team@example.com", members: [])
        for name in [Self.mine, CustomRole.Name(.project("other"), "theirs"), .init(.organization("1"), "ours")] {
            index.setRole(
                CustomRole(
                    name: name, title: name.id, about: "", stage: .generalAvailability, permissions: ["run.jobs.run"],
                    etag: Data()))
        }
        return index
    }

    private func error(_ role: String, _ member: String, in index: AccessIndex, on resource: Resource) -> PolicyError? {
        do {
            _ = try index.canonical(
                Policy(bindings: [Binding(role: role, members: [member])]), version: 1, for: resource)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "names principals that exist",
        arguments: [
            ("user:anyone@any.where", Optional<String>.none), ("group:team@example.com", nil),
            ("serviceAccount:robot@demo.iam.gserviceaccount.com", nil),
            ("principalSet://iam.googleapis.com/projects/124/locations/global/workloadIdentityPools/ci/*", nil),
            ("group:gone@example.com", "Group gone@example.com does not exist."),
            (
                "serviceAccount:gone@demo.iam.gserviceaccount.com",
                "Service account gone@demo.iam.gserviceaccount.com does not exist."
            ),
            (
                "principalSet://iam.googleapis.com/projects/124/locations/global/workloadIdentityPools/cd/*",
                "Identity Pool does not exist (projects/124/locations/global/workloadIdentityPools/cd). "
                    + "A pool is named by the number of its project."
            ),
            ("deleted:serviceAccount:gone@demo.iam.gserviceaccount.com?uid=1", nil),
        ])
    func principals(member: String, message: String?) throws {
        #expect(error("roles/viewer", member, in: try index(), on: .project("demo"))?.message == message)
    }

    @Test(
        "grants custom roles only in what they belong to",
        arguments: [
            ("projects/demo/roles/mine", Resource.project("demo"), true),
            ("projects/demo/roles/mine", .job("j", location: "l", project: "demo"), true),
            ("organizations/1/roles/ours", .project("demo"), true),
            ("organizations/1/roles/ours", .organization("1"), true),
            ("projects/other/roles/theirs", .project("demo"), false),
            ("projects/demo/roles/mine", .organization("1"), false),
            ("organizations/1/roles/ours", .project("other"), false),
            ("projects/demo/roles/none", .project("demo"), false),
        ])
    func customRoles(role: String, resource: Resource, isAccepted: Bool) throws {
        let error = error(role, "user:a@b.cd", in: try index(), on: resource)
        #expect((error == nil) == isAccepted)
        if let error { #expect(error.message.hasPrefix("Role (\(role)) does not exist in the resource's hierarchy.")) }
    }

    @Test("opens services to everyone, projects never")
    func everyone() throws {
        let index = try index()
        #expect(
            error("organizations/1/roles/ours", "allUsers", in: index, on: .job("j", location: "l", project: "demo"))
                == nil)
        for resource in [Resource.project("demo"), .organization("1")] {
            #expect(
                error("organizations/1/roles/ours", "allUsers", in: index, on: resource)?.reason
                    == .disallowedMemberType)
        }
    }

    @Test("keeps what is there although it could not be granted anew")
    func kept() throws {
        var index = try index()
        let account = "serviceAccount:\(robot.email)"
        index.setPolicy(
            Policy(bindings: [Binding(role: "projects/demo/roles/mine", members: [account])]), of: .project("demo"))
        index.removeRole(Self.mine)
        index.removeAccount(robot)
        #expect(error("projects/demo/roles/mine", account, in: index, on: .project("demo")) == nil)
        #expect(
            error("projects/demo/roles/mine", account, in: index, on: .job("j", location: "l", project: "demo")) != nil)
        #expect(error("roles/viewer", account, in: index, on: .project("other")) != nil)
    }

    @Test(
        "names the people of permitted customers alone, where a constraint says so",
        arguments: [
            ("user:a@example.com", true), ("user:a@other.org", false), ("user:a@unknown.org", false),
            ("domain:example.com", true), ("domain:other.org", false), ("group:team@example.com", true),
            ("serviceAccount:robot@demo.iam.gserviceaccount.com", true), ("allUsers", false),
            ("principalSet://cloudresourcemanager.googleapis.com/projects/123/type/ServiceAccount", true),
            ("principalSet://cloudresourcemanager.googleapis.com/projects/124/type/ServiceAccount", false),
            ("principalSet://iam.googleapis.com/projects/124/locations/global/workloadIdentityPools/ci/*", false),
            ("deleted:user:a@other.org?uid=1", true),
        ])
    func domains(member: String, isPermitted: Bool) throws {
        let job = Resource.job("j", location: "l", project: "demo")
        for value in ["C1", "is:C1", "is:principalSet://iam.googleapis.com/organizations/1"] {
            var index = try index()
            let rule = OrganizationPolicy.Rule(.values(allowed: [value], denied: []))
            index.setOrganizationPolicy(
                OrganizationPolicy(.allowedPolicyMemberDomains, rules: [rule]), for: .allowedPolicyMemberDomains,
                on: .organization("1"))
            let error = error("organizations/1/roles/ours", member, in: index, on: job)
            #expect((error == nil) == isPermitted, "\(value)")
            if let error {
                #expect(error.code == .precondition)
                #expect(
                    error.message.hasPrefix(
                        "One or more users named in the policy do not belong to a permitted customer."))
            }
        }
    }
}
