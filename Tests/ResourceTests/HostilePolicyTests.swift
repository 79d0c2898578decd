import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import Testing

private typealias WirePolicy = Google_Iam_V1_Policy

@Suite("A policy that cannot be")
struct HostilePolicyTests {
    private let fixture = try? Fixture()

    private func installed() async throws -> Fixture {
        let fixture = try #require(fixture)
        _ = try await fixture.install()
        return fixture
    }

    private func get(_ fixture: Fixture) async throws -> WirePolicy {
        try await fixture.call(
            "v1.Projects.GetIamPolicy",
            Google_Iam_V1_GetIamPolicyRequest.with {
                $0.resource = "demo"
                $0.options.requestedPolicyVersion = 3
            })
    }

    private func set(_ fixture: Fixture, _ policy: WirePolicy, as email: String = "alice@example.com") async throws {
        let _: WirePolicy = try await fixture.call(
            "v1.Projects.SetIamPolicy",
            Google_Iam_V1_SetIamPolicyRequest.with {
                $0.resource = "demo"
                $0.policy = policy
            }, as: email)
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let role: String
        let members: [String]
        let condition: String?

        init(_ name: String, role: String = "roles/viewer", members: [String]? = nil, condition: String? = nil) {
            testDescription = name
            self.role = role
            self.members = members ?? ["user:bob@example.com"]
            self.condition = condition
        }
    }

    private static let deep = String(repeating: "(", count: 1000) + "true" + String(repeating: ")", count: 1000)

    @Test(
        "is refused for the one thing that is wrong, and changes nothing",
        arguments: [
            Fault("1,501 members", members: (0..<1501).map { "user:p\($0)@example.com" }),
            Fault("10 MB of members", members: [String(repeating: "x", count: 10 << 20)]),
            Fault("an unknown role", role: "roles/batch.nobody"),
            Fault("a role of another project", role: "projects/other/roles/looker"),
            Fault("a role of the project that does not exist", role: "projects/demo/roles/ghost"),
            Fault("allUsers on a project", members: ["allUsers"]),
            Fault("allAuthenticatedUsers on a project", members: ["allAuthenticatedUsers"]),
            Fault("a basic role with a condition", condition: "request.time < timestamp('2100-01-01T00:00:00Z')"),
            Fault("a condition in 1,000 parentheses", role: "roles/batch.jobsViewer", condition: deep),
            Fault("a condition that is no truth", role: "roles/batch.jobsViewer", condition: "1 + 1"),
            Fault("a condition without an end", role: "roles/batch.jobsViewer", condition: "request.time <"),
            Fault("an empty condition", role: "roles/batch.jobsViewer", condition: ""),
            Fault("a Cyrillic letter in an address", members: ["user:bоb@example.com"]),
            Fault("a full-width at sign", members: ["user:bob\u{FF20}example.com"]),
            Fault("a member without a kind", members: ["bob@example.com"]),
            Fault("a member of a kind that is none", members: ["robot:bob@example.com"]),
            Fault("a group that does not exist", members: ["group:ghosts@example.com"]),
            Fault("a control character in an address", members: ["user:bob\n@example.com"]),
        ])
    func refused(fault: Fault) async throws {
        let fixture = try await installed()
        let before = try await get(fixture)
        var policy = before
        policy.version = 3
        policy.bindings.append(
            .with {
                $0.role = fault.role
                $0.members = fault.members
                if let condition = fault.condition {
                    $0.condition.title = "t"
                    $0.condition.expression = condition
                }
            })
        let wrong = policy
        let error = await #expect(throws: ServiceError.self) { try await set(fixture, wrong) }
        #expect(error?.code == .invalidArgument, "\(error?.message.prefix(300) ?? "")")
        #expect((error?.message.utf8.count ?? 0) < 2000)
        #expect(try await get(fixture) == before)
    }

    @Test("means the same person by any case of an address, once")
    func mixedCase() async throws {
        let fixture = try await installed()
        var policy = try await get(fixture)
        policy.bindings.append(
            .with {
                $0.role = "roles/batch.jobsViewer"
                $0.members = ["user:Bob@Example.COM", "user:bob@example.com", "user:BOB@EXAMPLE.COM"]
            })
        try await set(fixture, policy)
        #expect(try await get(fixture).bindings.last?.members == ["user:bob@example.com"])
        #expect(fixture.directory.decide(.user("bob@example.com"), "batch.jobs.list", on: .project("demo")).isAllowed)
    }

    @Test("with a stale etag loses to the one before it: fifty writers at once, and each grant that was taken is there")
    func fiftyWriters() async throws {
        let fixture = try await installed()
        let taken = try await withThrowingTaskGroup(of: String?.self) { group in
            for index in 0..<50 {
                group.addTask { [self] in
                    let member = "user:writer\(index)@example.com"
                    for _ in 0..<3 {
                        var policy = try await get(fixture)
                        policy.bindings.append(
                            .with {
                                $0.role = "roles/batch.jobsViewer"
                                $0.members = [member]
                            })
                        do {
                            try await set(fixture, policy)
                            return member
                        } catch let error as ServiceError where error.code == .aborted {
                            continue
                        }
                    }
                    return nil
                }
            }
            return try await group.reduce(into: Set<String>()) { if let member = $1 { $0.insert(member) } }
        }
        let members = try await get(fixture).bindings.first { $0.role == "roles/batch.jobsViewer" }?.members ?? []
        #expect(!taken.isEmpty)
        #expect(Set(members) == taken)
    }

    @Test("is not granted by the author of its role: a role may hold what its author lacks, which gives him nothing")
    func ownRole() async throws {
        let fixture = try await installed()
        try await fixture.grant("roles/iam.roleAdmin", to: "user:bob@example.com")
        let role = try CustomRoleRules().create(
            CustomRole.Name(.project("demo"), "mighty"),
            CustomRoleFields(title: "Mighty", permissions: ["batch.jobs.delete"]), siblings: [], etag: Etag.random(),
            at: Date())
        try await fixture.directory.change { try $0.put(role) }
        var policy = try await get(fixture)
        policy.bindings.append(
            .with {
                $0.role = role.name.text
                $0.members = ["user:bob@example.com"]
            })
        let wanted = policy
        let error = await #expect(throws: ServiceError.self) { try await set(fixture, wanted, as: "bob@example.com") }
        #expect(error?.code == .permissionDenied)
        let bob = Principal.user("bob@example.com")
        #expect(!fixture.directory.decide(bob, "batch.jobs.delete", on: .project("demo")).isAllowed)
        try await set(fixture, wanted)
        #expect(fixture.directory.decide(bob, "batch.jobs.delete", on: .project("demo")).isAllowed)
    }

    @Test("that limits who grants what is obeyed: only the roles it names, and none is taken away")
    func limitedAdministrator() async throws {
        let fixture = try await installed()
        try await fixture.directory.change { draft in
            var policy = draft.state.policy(of: .project("demo"))
            policy.bindings.append(
                Binding(
                    role: "roles/resourcemanager.projectIamAdmin", members: ["user:bob@example.com"],
                    condition: PolicyCondition(
                        "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', [])"
                            + ".hasOnly(['roles/batch.jobsViewer'])", title: "jobs")))
            try draft.setPolicy(policy, of: .project("demo"))
        }
        for (role, isAllowed) in [("roles/batch.jobsViewer", true), ("roles/owner", false)] {
            var policy = try await get(fixture)
            policy.bindings.append(
                .with {
                    $0.role = role
                    $0.members = ["user:carol@example.com"]
                })
            let wanted = policy
            let code: ServiceError.Code?
            do {
                try await set(fixture, wanted, as: "bob@example.com")
                code = nil
            } catch let error as ServiceError {
                code = error.code
            }
            #expect(code == (isAllowed ? nil : .permissionDenied), "\(role)")
        }
        var less = try await get(fixture)
        less.bindings.removeAll { $0.role == "roles/owner" }
        let wanted = less
        let error = await #expect(throws: ServiceError.self) { try await set(fixture, wanted, as: "bob@example.com") }
        #expect(error?.code == .permissionDenied)
    }
}
