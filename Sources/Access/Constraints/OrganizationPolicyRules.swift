/// What a policy for a constraint may say.
public enum OrganizationPolicyRules {
    /// Rules of one policy, and values in one of them.
    static let maximumRules = 10
    static let maximumValues = 500

    /// Checks a policy.
    ///
    /// - Throws: `PolicyError` that names the first thing wrong.
    public static func check(_ policy: OrganizationPolicy) throws(PolicyError) {
        guard let constraint = Constraint.named(policy.constraint) else {
            throw PolicyError(
                message: "There is no constraint \(policy.constraint.prefix(200)) here.", field: "policy.name")
        }
        let field = "policy.spec"
        guard !policy.isReset || policy.rules.isEmpty && !policy.inheritsFromParent else {
            throw PolicyError(
                message: "A policy that resets a constraint has no rules and does not inherit.", field: "\(field).reset"
            )
        }
        guard policy.isReset || !policy.rules.isEmpty, policy.rules.count <= maximumRules else {
            throw PolicyError(message: "A policy has 1 to \(maximumRules) rules.", field: "\(field).rules")
        }
        for (index, rule) in policy.rules.enumerated() {
            try check(rule, of: constraint, field: "\(field).rules[\(index)]")
        }
        if case .boolean = constraint.kind { try checkBoolean(policy, field: field) }
    }

    private static func check(
        _ rule: OrganizationPolicy.Rule, of constraint: Constraint, field: String
    ) throws(PolicyError) {
        switch (constraint.kind, rule.effect) {
        case (.boolean, .enforce), (.list, .allowAll), (.list, .denyAll): break
        case (.list, .values(let allowed, let denied)):
            guard !(allowed.isEmpty && denied.isEmpty), allowed.count + denied.count <= maximumValues else {
                throw PolicyError(
                    message: "A rule has 1 to \(maximumValues) values.", field: "\(field).values")
            }
            for value in allowed + denied where value.isEmpty || value.utf8.count > 500 || value.hasPrefix("under:") {
                throw PolicyError(
                    message: "'\(value.prefix(100))' is not a value of \(constraint.name).", field: "\(field).values")
            }
        case (.boolean, _):
            throw PolicyError(message: "\(constraint.name) is enforced or not: it has no values.", field: field)
        case (.list, .enforce):
            throw PolicyError(message: "\(constraint.name) has values: it cannot be enforced as such.", field: field)
        }
        if let condition = rule.condition {
            try ConditionRules.checkTagsOnly(condition, field: "\(field).condition")
        }
    }

    /// One rule for all, and those with a condition say the opposite.
    private static func checkBoolean(_ policy: OrganizationPolicy, field: String) throws(PolicyError) {
        guard !policy.isReset else { return }
        guard !policy.inheritsFromParent else {
            throw PolicyError(
                message: "\(policy.constraint) has no values to inherit.", field: "\(field).inherit_from_parent")
        }
        let plain = policy.rules.filter { $0.condition == nil }
        guard plain.count == 1, !policy.rules.contains(where: { $0.condition != nil && $0.effect == plain[0].effect })
        else {
            throw PolicyError(
                message: "A policy for \(policy.constraint) has one rule without a condition, and its other rules say "
                    + "the opposite.",
                field: "\(field).rules")
        }
    }
}
