import Testing

@testable import Access

@Suite("The limits of a policy")
struct PolicyLimitTests {
    private let rules = PolicyRules(roles: .predefined, principals: PrincipalDirectory(groups: groups))
    private static let groups: Groups = {
        var groups = Groups()
        for number in 0..<300 { try? groups.set([], of: "g\(number)@example.com") }
        return groups
    }()

    private func accepts(_ bindings: [Binding], _ audit: [AuditConfig] = []) -> Bool {
        let policy = Policy(bindings: bindings, auditConfigs: audit)
        return (try? rules.canonical(policy, at: PolicySite(.project("demo")))) != nil
    }

    @Test("count every appearance of a member, in exemptions too")
    func members() {
        let users = (0..<750).map { "user:u\($0)@example.com" }
        let twice = [Binding(role: "roles/viewer", members: users), Binding(role: "roles/browser", members: users)]
        let audit = AuditConfig(
            service: "allServices", logs: [AuditConfig.Log(.dataRead, exemptedMembers: ["user:u0@example.com"])])
        #expect(accepts(twice))
        #expect(!accepts(twice + [Binding(role: "roles/editor", members: [users[0]])]))
        #expect(!accepts(twice, [audit]))
        #expect(!accepts(Array(repeating: Binding(role: "roles/viewer", members: []), count: 1501)))
    }

    @Test("count different groups, and every appearance of a domain")
    func groupsAndDomains() {
        let groups = (0..<250).map { "group:g\($0)@example.com" }
        #expect(
            accepts([Binding(role: "roles/viewer", members: groups), Binding(role: "roles/browser", members: groups)]))
        #expect(!accepts([Binding(role: "roles/viewer", members: groups + ["group:g250@example.com"])]))
        #expect(!accepts([Binding(role: "roles/viewer", members: groups + ["domain:example.com"])]))
        let domains = (0..<126).map { "domain:d\($0).example.com" }
        #expect(
            !accepts([
                Binding(role: "roles/viewer", members: domains), Binding(role: "roles/browser", members: domains),
            ]))
    }
}

@Suite("Audit configurations")
struct AuditConfigTests {
    private let rules = PolicyRules(roles: .predefined)

    private func canonical(_ configs: [AuditConfig]) throws(PolicyError) -> Policy {
        try rules.canonical(Policy(auditConfigs: configs), at: PolicySite(.project("demo")))
    }

    @Test("of one service are merged, and add up with those of all services")
    func merged() throws {
        let policy = try canonical([
            AuditConfig(service: "run.googleapis.com", logs: [.init(.dataRead, exemptedMembers: ["user:A@b.cd"])]),
            AuditConfig(service: "allServices", logs: [.init(.adminRead, exemptedMembers: ["user:c@d.ef"])]),
            AuditConfig(
                service: "run.googleapis.com",
                logs: [.init(.dataRead, exemptedMembers: ["user:a@b.cd"]), .init(.adminRead)]),
        ])
        #expect(policy.auditConfigs.map(\.service) == ["run.googleapis.com", "allServices"])
        #expect(policy.exemptions(from: .dataRead, of: "run.googleapis.com") == ["user:a@b.cd"])
        #expect(policy.exemptions(from: .adminRead, of: "run.googleapis.com") == ["user:c@d.ef"])
        #expect(policy.exemptions(from: .dataWrite, of: "run.googleapis.com") == nil)
        #expect(policy.exemptions(from: .dataRead, of: "batch.googleapis.com") == nil)
    }

    @Test("name services and members")
    func refused() {
        let wrongService = AuditConfig(service: "everything", logs: [])
        let wrongMember = AuditConfig(service: "allServices", logs: [.init(.dataRead, exemptedMembers: ["bob"])])
        #expect(throws: PolicyError.self) { try canonical([wrongService]) }
        let error = #expect(throws: PolicyError.self) { try canonical([wrongMember]) }
        #expect(error?.field == "policy.audit_configs[0].audit_log_configs[0].exempted_members[0]")
    }
}

@Suite("The tombstone of a deleted account")
struct TombstoneTests {
    private let account = Member.serviceAccount("robot@demo.iam.gserviceaccount.com")

    @Test("takes the account's grants, and gives them back")
    func buriedAndRevived() throws {
        let policy = Policy(
            bindings: [
                Binding(role: "roles/viewer", members: ["user:a@b.cd", account.text]),
                Binding(role: "roles/browser", members: ["user:a@b.cd"]),
            ],
            auditConfigs: [
                AuditConfig(service: "allServices", logs: [.init(.dataRead, exemptedMembers: [account.text])])
            ])
        let buried = try #require(policy.burying(account, uid: "42"))
        let grave = "deleted:\(account.text)?uid=42"
        #expect(buried.bindings[0].members == ["user:a@b.cd", grave])
        #expect(buried.auditConfigs[0].logs[0].exemptedMembers == [grave])
        guard case .deleted(let tombstone)? = Member(grave) else {
            Issue.record("no tombstone")
            return
        }
        #expect(buried.reviving(tombstone) == policy)
        #expect(buried.burying(account, uid: "43") == nil)
        #expect(policy.reviving(tombstone) == nil)
    }

    @Test("joins a grant that the account has got since")
    func joined() {
        let tombstone = Tombstone(.serviceAccount, email: "r@p.qr", uid: "1")
        let policy = Policy(
            bindings: [
                Binding(role: "roles/viewer", members: [Member.deleted(tombstone).text, "serviceAccount:r@p.qr"])
            ])
        #expect(policy.reviving(tombstone)?.bindings[0].members == ["serviceAccount:r@p.qr"])
    }
}
