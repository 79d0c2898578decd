import FoundationEssentials
import Testing

@testable import Access

@Suite("Conditions in a policy")
struct PolicyConditionTests {
    private let rules = PolicyRules(roles: .predefined)
    private static let condition = PolicyCondition("true", title: "always")

    private func canonical(_ bindings: Binding...) throws(PolicyError) -> [Binding] {
        try rules.canonical(bindings, for: .project("demo"))
    }

    private func binding(
        _ members: String..., role: String = "roles/browser", condition: PolicyCondition? = condition
    ) -> Binding {
        Binding(role: role, members: members, condition: condition)
    }

    @Test("keep bindings of one role apart, and merge those with the same condition")
    func merged() throws {
        let other = PolicyCondition("true", title: "other")
        let written = try canonical(
            binding("user:a@b.cd"), binding("user:a@b.cd", condition: nil), binding("user:a@b.cd", condition: other),
            binding("user:c@d.ef", "user:a@b.cd"))
        #expect(
            written == [
                binding("user:a@b.cd", "user:c@d.ef"), binding("user:a@b.cd", condition: nil),
                binding("user:a@b.cd", condition: other),
            ])
    }

    @Test(
        "are refused where they cannot stand",
        arguments: [
            (
                Binding(role: "roles/viewer", members: ["user:a@b.cd"], condition: condition),
                "policy.bindings[0].condition"
            ),
            (
                Binding(role: "roles/owner", members: ["user:a@b.cd"], condition: condition),
                "policy.bindings[0].condition"
            ),
            (
                Binding(role: "roles/browser", members: ["user:a@b.cd"], condition: PolicyCondition("true", title: "")),
                "policy.bindings[0].condition.title"
            ),
            (
                Binding(
                    role: "roles/browser", members: ["user:a@b.cd"],
                    condition: PolicyCondition("true", title: String(repeating: "x", count: 101))),
                "policy.bindings[0].condition.title"
            ),
            (
                Binding(
                    role: "roles/browser", members: ["user:a@b.cd"],
                    condition: PolicyCondition("true", title: "t", description: String(repeating: "x", count: 257))),
                "policy.bindings[0].condition.description"
            ),
            (
                Binding(
                    role: "roles/browser", members: ["user:a@b.cd"], condition: PolicyCondition("tru e", title: "t")),
                "policy.bindings[0].condition.expression"
            ),
        ])
    func refused(binding: Binding, field: String) {
        let error = #expect(throws: PolicyError.self) { try canonical(binding) }
        #expect(error?.field == field)
    }

    @Test("are refused for everyone", arguments: ["allUsers", "allAuthenticatedUsers"])
    func everyone(member: String) {
        let account = Resource.serviceAccount(email: "a@b.cd", project: "demo")
        let bindings = [Binding(role: "roles/iam.serviceAccountUser", members: [member], condition: Self.condition)]
        #expect(throws: PolicyError.self) { try rules.canonical(bindings, for: account) }
    }

    @Test("are at most twenty for the same grant")
    func twenty() throws {
        func bindings(_ count: Int) -> [Binding] {
            (0..<count).map { binding("user:a@b.cd", condition: PolicyCondition("true", title: "\($0)")) }
        }
        #expect(
            try rules.canonical(bindings(20) + [binding("user:a@b.cd", condition: nil)], for: .project("p")).count == 21
        )
        #expect(throws: PolicyError.self) { try rules.canonical(bindings(21), for: .project("p")) }
    }

    @Test("make the policy's version 3, and are shown to clients of version 1 as roles that nobody can grant")
    func rendered() throws {
        let policy = Policy(bindings: [binding("user:a@b.cd"), binding("user:a@b.cd", condition: nil)])
        #expect(policy.version == 3)
        #expect(policy.rendered(requestedVersion: 3).policy == policy)
        let (old, version) = policy.rendered(requestedVersion: 1)
        #expect(version == 1)
        #expect(old.bindings[1] == policy.bindings[1])
        #expect(old.bindings[0].condition == nil)
        let digits = try #require(old.bindings[0].role.wholeMatch(of: /roles\/browser_withcond_([0-9a-f]{20})/)).1
        let other = Policy(bindings: [binding("user:a@b.cd", condition: PolicyCondition("true", title: "other"))])
        #expect(!other.rendered(requestedVersion: 0).policy.bindings[0].role.hasSuffix(digits))
        #expect(Policy(bindings: [policy.bindings[1]]).rendered(requestedVersion: 3).version == 1)
        let error = #expect(throws: PolicyError.self) { try canonical(old.bindings[0]) }
        #expect(error?.message.contains("version 3") == true)
    }

    @Test("cannot be written or lost by a client of version 1")
    func versions() {
        let etag = Data([1])
        let conditional = Policy(bindings: [binding("user:a@b.cd")], etag: etag)
        let plain = Policy(bindings: [binding("user:a@b.cd", condition: nil)], etag: etag)
        let blind = Policy(bindings: plain.bindings)
        #expect(throws: PolicyError.self) { try plain.checkVersion(2, of: plain) }
        #expect(throws: PolicyError.self) { try plain.checkVersion(1, of: conditional) }
        #expect(throws: PolicyError.self) { try conditional.checkVersion(1, of: plain) }
        #expect(throws: Never.self) { try conditional.checkVersion(1, of: blind) }
        #expect(throws: Never.self) { try conditional.checkVersion(3, of: plain) }
        #expect(throws: Never.self) { try plain.checkVersion(3, of: conditional) }
        #expect(throws: Never.self) { try plain.checkVersion(0, of: plain) }
    }
}
