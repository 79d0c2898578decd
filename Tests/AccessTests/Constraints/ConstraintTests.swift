import Testing

@testable import Access

@Suite("A constraint")
struct ConstraintTests {
    private typealias Rule = OrganizationPolicy.Rule
    private static let boolean = Constraint.disableServiceAccountKeyCreation
    private static let list = Constraint.allowedPolicyMemberDomains

    /// What holds for the innermost of these policies; nil where nothing is set.
    private func effective(_ constraint: Constraint, _ policies: OrganizationPolicy?...) -> EffectiveConstraint {
        constraint.effective(policies) { $0.expression == "true" }
    }

    private func policy(
        _ effects: OrganizationPolicy.Effect..., inherits: Bool = false, of constraint: Constraint = list
    ) -> OrganizationPolicy {
        OrganizationPolicy(constraint, rules: effects.map { Rule($0) }, inheritsFromParent: inherits)
    }

    @Test("has its default where nothing is set, and the innermost setting elsewhere")
    func boolean() {
        let on = policy(.enforce(true), of: Self.boolean)
        let off = policy(.enforce(false), of: Self.boolean)
        let reset = OrganizationPolicy(Self.boolean, isReset: true)
        #expect(effective(Self.boolean, nil, nil) == .enforced(false))
        #expect(effective(Self.boolean, nil, on) == .enforced(true))
        #expect(effective(Self.boolean, off, on) == .enforced(false))
        #expect(effective(Self.boolean, reset, on) == .enforced(false))
        #expect(effective(.disableCrossProjectServiceAccountUsage, nil) == .enforced(true))
        #expect(effective(.automaticIamGrantsForDefaultServiceAccounts, nil) == .enforced(false))
    }

    @Test("follows a rule whose condition is true before the one without a condition", arguments: ["true", "false"])
    func conditional(expression: String) {
        let policy = OrganizationPolicy(
            Self.boolean,
            rules: [Rule(.enforce(true)), Rule(.enforce(false), condition: PolicyCondition(expression, title: "t"))])
        #expect(effective(Self.boolean, policy) == .enforced(expression == "false"))
    }

    @Test("merges values that are inherited, with denials before what is allowed")
    func list() {
        let upper = policy(.values(allowed: ["C1", "is:C2"], denied: []))
        func values(_ policies: OrganizationPolicy?...) -> [String] {
            guard case .values(let values) = Self.list.effective(policies, where: { _ in false }) else { return [] }
            return ["C1", "C2", "C3", "C4"].filter(values.contains)
        }
        #expect(values(nil, nil) == ["C1", "C2", "C3", "C4"])
        #expect(values(nil, upper) == ["C1", "C2"])
        #expect(values(policy(.values(allowed: ["C3"], denied: [])), upper) == ["C3"])
        #expect(values(policy(.values(allowed: ["C3"], denied: []), inherits: true), upper) == ["C1", "C2", "C3"])
        #expect(values(policy(.values(allowed: [], denied: ["C1"]), inherits: true), upper) == ["C2"])
        #expect(values(policy(.values(allowed: [], denied: ["C1"])), upper) == ["C2", "C3", "C4"])
        #expect(values(policy(.allowAll), upper) == ["C1", "C2", "C3", "C4"])
        #expect(values(policy(.allowAll, inherits: true), policy(.denyAll)) == [])
        #expect(values(policy(.denyAll), upper) == [])
        #expect(values(OrganizationPolicy(Self.list, isReset: true), upper) == ["C1", "C2", "C3", "C4"])
        #expect(values(policy(.values(allowed: ["C3"], denied: ["C3"]))) == [])
    }

    @Test("that allows nothing by default allows what a policy says")
    func deniedByDefault() {
        let constraint = Constraint.allowServiceAccountCredentialLifetimeExtension
        func allows(_ policies: OrganizationPolicy?...) -> Bool {
            guard case .values(let values) = constraint.effective(policies, where: { _ in false }) else { return false }
            return values.contains("a@b.cd")
        }
        #expect(!allows(nil))
        #expect(allows(policy(.values(allowed: ["a@b.cd"], denied: []), of: constraint)))
        #expect(allows(nil, policy(.allowAll, of: constraint)))
        #expect(!allows(OrganizationPolicy(constraint, isReset: true), policy(.allowAll, of: constraint)))
        #expect(!allows(policy(.values(allowed: [], denied: ["x@y.zz"]), inherits: true, of: constraint)))
    }

    @Test("is found by its name, with and without the prefix of Resource Manager")
    func names() {
        for constraint in Constraint.all {
            #expect(Constraint.named(constraint.name) == constraint)
            #expect(Constraint.named("constraints/\(constraint.name)") == constraint)
        }
        #expect(Constraint.all.count == 6)
        #expect(Constraint.named("iam.nothing") == nil)
    }

    @Test("refuses policies that say nothing it understands")
    func refused() {
        let values = OrganizationPolicy.Effect.values(allowed: ["C1"], denied: [])
        let condition = PolicyCondition(#"resource.hasTagKey("1/env")"#, title: "t")
        var unknown = policy(values)
        unknown.constraint = "iam.nothing"
        let wrong = [
            unknown, policy(), policy(values, of: Self.boolean), policy(.enforce(true)),
            policy(.values(allowed: [], denied: [])), policy(.values(allowed: [""], denied: [])),
            policy(.enforce(true), .enforce(false), of: Self.boolean),
            policy(.enforce(true), inherits: true, of: Self.boolean),
            OrganizationPolicy(Self.boolean, rules: [Rule(.enforce(true))], isReset: true),
            OrganizationPolicy(Self.boolean, rules: [Rule(.enforce(true), condition: condition)]),
            OrganizationPolicy(
                Self.boolean, rules: [Rule(.enforce(true)), Rule(.enforce(true), condition: condition)]),
            OrganizationPolicy(
                Self.list,
                rules: [Rule(.allowAll, condition: PolicyCondition(#"resource.name == "x""#, title: "t"))]),
        ]
        for policy in wrong {
            #expect(throws: PolicyError.self, "\(policy)") { try OrganizationPolicyRules.check(policy) }
        }
        let right = [
            policy(values), policy(.allowAll), policy(values, inherits: true), policy(.enforce(true), of: Self.boolean),
            OrganizationPolicy(Self.boolean, isReset: true),
            OrganizationPolicy(
                Self.boolean, rules: [Rule(.enforce(true)), Rule(.enforce(false), condition: condition)]),
        ]
        for policy in right { #expect(throws: Never.self) { try OrganizationPolicyRules.check(policy) } }
    }
}
