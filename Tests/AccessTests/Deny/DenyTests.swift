import Testing

@testable import Access

@Suite("A pattern of permissions")
struct PermissionPatternTests {
    @Test(
        "means the permissions that it names",
        arguments: [
            ("run.googleapis.com/jobs.run", ["run.jobs.run"]),
            ("run.googleapis.com/jobs.*", ["run.jobs.run", "run.jobs.get"]),
            ("run.googleapis.com/*.get", ["run.jobs.get", "run.tasks.get"]),
            ("run.googleapis.com/*.*", ["run.jobs.run", "run.jobs.get", "run.tasks.get"]),
            ("cloudresourcemanager.googleapis.com/projects.get", ["resourcemanager.projects.get"]),
            ("iam.googleapis.com/*.get", ["iam.serviceAccounts.get"]),
        ])
    func matches(pattern: String, matched: [String]) throws {
        let permissions = [
            "run.jobs.run", "run.jobs.get", "run.tasks.get", "resourcemanager.projects.get", "iam.serviceAccounts.get",
        ]
        let read = try #require(PermissionPattern(pattern))
        #expect(permissions.filter { read.permissions.contains(Permission($0)) } == matched)
        #expect(read.description == pattern)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "run.jobs.run", "run.googleapis.com", "run.googleapis.com/", "run.googleapis.com/run",
            "run.googleapis.com/*",
            "*/jobs.run", "*.googleapis.com/jobs.run", "resourcemanager.googleapis.com/projects.get",
            "run.googleapis.com/j*.run",
            "run.example.com/jobs.run", "run.googleapis.com/jobs.", "run.googleapis.com/.run",
            "a.run.googleapis.com/jobs.run",
            "run.googleapis.com/jobs.sing", "iam.googleapis.com/jobs.get",
        ])
    func nothing(text: String) { #expect(PermissionPattern(text) == nil) }
}

@Suite("The rules of a deny policy")
struct DenyRulesTests {
    private let rules = DenyRules(principals: PrincipalDirectory(accounts: [:]))
    private let rule = DenyRule(
        deniedPrincipals: ["principalSet://goog/public:all"], deniedPermissions: ["run.googleapis.com/jobs.run"])

    private func check(
        _ rule: DenyRule, id: String = "no-jobs", name: String = "", on resource: Resource = .project("demo"),
        beside others: [DenyPolicy] = []
    ) throws(PolicyError) -> DenyPolicy {
        try rules.canonical(DenyPolicy(id: id, displayName: name, rules: [rule]), on: resource, beside: others)
    }

    @Test("write addresses in lower case, and nothing twice")
    func canonical() throws {
        var rule = rule
        rule.deniedPrincipals = [
            "principal://goog/subject/Alice@Example.com", "principal://goog/subject/alice@example.com",
        ]
        rule.deniedPermissions = ["run.googleapis.com/jobs.run", "run.googleapis.com/jobs.run"]
        let written = try check(rule).rules[0]
        #expect(written.deniedPrincipals == ["principal://goog/subject/alice@example.com"])
        #expect(written.deniedPermissions == ["run.googleapis.com/jobs.run"])
    }

    @Test(
        "refuse what cannot be meant",
        arguments: [
            (
                DenyRule(deniedPrincipals: [], deniedPermissions: ["run.googleapis.com/jobs.run"]),
                "policy.rules[0].deny_rule"
            ),
            (
                DenyRule(deniedPrincipals: ["principalSet://goog/public:all"], deniedPermissions: []),
                "policy.rules[0].deny_rule"
            ),
            (
                DenyRule(
                    deniedPrincipals: ["user:alice@example.com"], deniedPermissions: ["run.googleapis.com/jobs.run"]),
                "policy.rules[0].deny_rule.denied_principals[0]"
            ),
            (
                DenyRule(
                    deniedPrincipals: ["principalSet://goog/public:all"],
                    exceptionPrincipals: ["principalSet://goog/public:all"],
                    deniedPermissions: ["run.googleapis.com/jobs.run"]),
                "policy.rules[0].deny_rule.exception_principals[0]"
            ),
            (
                DenyRule(
                    deniedPrincipals: ["principal://iam.googleapis.com/projects/-/serviceAccounts/a@b.cd"],
                    deniedPermissions: ["run.googleapis.com/jobs.run"]),
                "policy.rules[0].deny_rule.denied_principals[0]"
            ),
            (
                DenyRule(deniedPrincipals: ["principalSet://goog/public:all"], deniedPermissions: ["run.jobs.run"]),
                "policy.rules[0].deny_rule.denied_permissions[0]"
            ),
            (
                DenyRule(
                    deniedPrincipals: ["principalSet://goog/public:all"],
                    deniedPermissions: ["run.googleapis.com/jobs.run"],
                    condition: PolicyCondition(#"request.time < timestamp("2030-01-01T00:00:00Z")"#, title: "t")),
                "policy.rules[0].deny_rule.denial_condition.expression"
            ),
            (
                DenyRule(
                    description: String(repeating: "x", count: 257),
                    deniedPrincipals: ["principalSet://goog/public:all"],
                    deniedPermissions: ["run.googleapis.com/jobs.run"]),
                "policy.rules[0].deny_rule.description"
            ),
        ])
    func refused(rule: DenyRule, field: String) {
        let error = #expect(throws: PolicyError.self) { try check(rule) }
        #expect(error?.field == field)
    }

    @Test(
        "want an id of a certain form",
        arguments: ["ab", "Abc", "1bc", "abc-", "a_c", "", String(repeating: "a", count: 64)])
    func ids(id: String) {
        #expect(throws: PolicyError.self) { try check(rule, id: id) }
    }

    @Test("bound names, policies, rules and principals, and attach to containers alone")
    func limits() throws {
        #expect(throws: PolicyError.self) { try check(rule, name: String(repeating: "x", count: 64)) }
        #expect(throws: PolicyError.self) { try check(rule, on: .job("j", location: "l", project: "demo")) }
        let full = DenyPolicy(id: "full", rules: Array(repeating: rule, count: 500))
        #expect(throws: PolicyError.self) { try check(rule, beside: [full]) }
        let empty = (0..<500).map { DenyPolicy(id: "p\($0)", rules: []) }
        #expect(throws: PolicyError.self) { try check(rule, beside: empty) }
        var crowd = rule
        crowd.deniedPrincipals = (0..<2501).map { "principal://goog/subject/u\($0)@example.com" }
        #expect(throws: PolicyError.self) { try check(crowd) }
        crowd.deniedPrincipals.removeLast()
        #expect(throws: Never.self) { try check(crowd) }
    }
}
