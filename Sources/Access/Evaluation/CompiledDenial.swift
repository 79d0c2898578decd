import Conditions

/// The deny policies of one resource, by whom they mean.
final class CompiledDenial: Sendable {
    /// One rule, ready to be evaluated.
    struct Rule: Sendable {
        let reference: DenyRuleReference
        let denied: Set<Identity>
        let exceptions: Set<Identity>
        /// What it denies, without what it does not.
        let permissions: PermissionSet
        /// Nil for none.
        let condition: Test?

        /// A condition that cannot be read denies, as one that cannot be evaluated does.
        enum Test: Sendable {
            case condition(Condition)
            case unreadable
        }

        /// The member among the exceptions that means the principal.
        func exception(for identities: Identities) -> Member? {
            guard !exceptions.isEmpty else { return nil }
            return identities.first(of: .all) { exceptions.contains($0) ? $0.member : nil }
        }

        /// The member among the denied that means the principal.
        func denied(_ identities: Identities) -> Member? {
            identities.first(of: .all) { denied.contains($0) ? $0.member : nil }
        }
    }

    /// The policies as they were written.
    let policies: [DenyPolicy]
    let rules: [Rule]
    private let kinds: MemberKinds
    /// The rules that name each member.
    private let members: IdentityTable
    /// By the member's number.
    private let named: [[Int]]

    init(_ policies: [DenyPolicy], on resource: Resource) {
        self.policies = policies
        rules = policies.flatMap { policy in
            policy.rules.indices.map { Rule(policy.rules[$0], DenyRuleReference(on: resource, policy.id, rule: $0)) }
        }
        var members = IdentityTable()
        var named: [[Int]] = []
        var kinds: MemberKinds = []
        for (index, rule) in rules.enumerated() {
            for identity in rule.denied {
                let number = members.insert(identity)
                if number == named.count { named.append([]) }
                named[number].append(index)
                kinds.formUnion(MemberKinds(identity.member))
            }
        }
        self.members = members
        self.named = named
        self.kinds = kinds
    }

    /// The sorts of members that its rules have, exceptions among them.
    var allKinds: MemberKinds {
        rules.reduce(kinds) { kinds, rule in
            rule.exceptions.reduce(kinds) { $0.union(MemberKinds($1.member)) }
        }
    }

    /// The rule that denies a principal a permission; nil when none does.
    func rule(
        denying identities: Identities, _ permission: PermissionID, where denies: (Condition) -> Bool
    ) -> DenyRuleReference? {
        identities.first(in: members, of: kinds) { number in
            named[number].contains { rules[$0].permissions.contains(permission) }
        } _: { _, number in
            let index = named[number].first { candidate in
                let rule = rules[candidate]
                guard rule.permissions.contains(permission), rule.exception(for: identities) == nil else {
                    return false
                }
                guard case .condition(let condition)? = rule.condition else { return true }
                return denies(condition)
            }
            return index.map { rules[$0].reference }
        }
    }
}

extension CompiledDenial.Rule {
    fileprivate init(_ rule: DenyRule, _ reference: DenyRuleReference) {
        self.reference = reference
        denied = Set(rule.deniedPrincipals.compactMap { Member(identifier: $0) }.map { Identity($0) })
        exceptions = Set(rule.exceptionPrincipals.compactMap { Member(identifier: $0) }.map { Identity($0) })
        permissions = Self.permissions(rule.deniedPermissions)
            .subtracting(Self.permissions(rule.exceptionPermissions))
        condition = rule.condition.map { condition in
            (try? Condition(condition.expression, vocabulary: .tags)).map(Test.condition) ?? .unreadable
        }
    }

    private static func permissions(_ patterns: [String]) -> PermissionSet {
        patterns.reduce(into: PermissionSet()) { set, text in
            if let pattern = PermissionPattern(text) { set.formUnion(pattern.permissions) }
        }
    }
}
