import Conditions

/// A policy by whom it means: finding a principal's grants costs the same however many others there are.
final class CompiledPolicy: Sendable {
    /// What one member is granted.
    private struct Grants: Sendable {
        /// By number.
        var roles: [Int] = []
        var conditional: [ConditionalGrant] = []
    }

    private struct ConditionalGrant: Sendable {
        let role: Int
        /// The index of its binding.
        let binding: Int
    }

    /// The policy as it was written.
    let policy: Policy
    /// The sorts of members that it has.
    let kinds: MemberKinds
    /// The domains among them.
    let domains: Set<String>
    private let grants: IdentityTable<Grants>
    /// By binding; nil for one without a condition, and for one that cannot be read: it grants nothing.
    private let conditions: [Condition?]

    /// - Parameters:
    ///   - roles: where its roles get their numbers.
    ///   - previous: the policy that this one replaces: what both have is not read again.
    init(_ policy: Policy, roles: inout RoleNumbers, previous: CompiledPolicy? = nil) {
        var grants = IdentityTable<Grants>()
        var kinds: MemberKinds = []
        var domains: Set<String> = []
        var known = previous?.knownConditions ?? [:]
        var conditions: [Condition?] = []
        for (index, binding) in policy.bindings.enumerated() {
            let role = roles.number(of: binding.role)
            conditions.append(binding.condition.flatMap { Self.compile($0.expression, &known) })
            for case let member? in binding.members.lazy.map({ Member($0) }) {
                kinds.formUnion(MemberKinds(member))
                if case .domain(let domain) = member { domains.insert(domain) }
                grants.change(Identity(member), default: Grants()) { held in
                    if binding.condition == nil {
                        held.roles.append(role)
                    } else {
                        held.conditional.append(ConditionalGrant(role: role, binding: index))
                    }
                }
            }
        }
        self.policy = policy
        self.kinds = kinds
        self.domains = domains
        self.grants = grants
        self.conditions = conditions
    }

    private var knownConditions: [String: Condition] {
        Dictionary(conditions.compactMap { $0 }.map { ($0.expression, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func compile(_ expression: String, _ known: inout [String: Condition]) -> Condition? {
        if let condition = known[expression] { return condition }
        let condition = try? Condition(expression)
        known[expression] = condition
        return condition
    }

    /// The condition of a binding; nil when it has none that can be read.
    func condition(of binding: Int) -> Condition? { conditions[binding] }

    /// A member and a role by which the principal holds the permission, whatever the circumstances.
    ///
    /// - Parameter mayDepend: becomes true when there is such a grant with a condition.
    func grant(
        to identities: Identities, oneOf roles: RoleSet, mayDepend: inout Bool
    ) -> (member: Member, role: Int)? {
        identities.first(in: grants, of: kinds) { identity, held in
            if let role = held.roles.first(where: { roles.contains($0) }) { return (identity.member, role) }
            if !mayDepend { mayDepend = held.conditional.contains { roles.contains($0.role) } }
            return nil
        }
    }

    /// The same, by a binding whose condition holds.
    func grant(
        to identities: Identities, oneOf roles: RoleSet, where holds: (Condition) -> Bool
    ) -> (member: Member, role: Int)? {
        identities.first(in: grants, of: kinds) { identity, held in
            let grant = held.conditional.first { grant in
                roles.contains(grant.role) && (conditions[grant.binding].map(holds) ?? false)
            }
            return grant.map { (identity.member, $0.role) }
        }
    }
}
