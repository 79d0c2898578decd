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
    private let members: IdentityTable
    /// By the member's number.
    private let grants: [Grants]
    /// The roles of each member's grants, a bit for each, `width` words for those without a condition and as many for
    /// the others: what is looked at before anything else. None where they would take too much memory.
    private let bits: [UInt64]
    private let width: Int
    /// By binding; nil for one without a condition, and for one that cannot be read: it grants nothing.
    private let conditions: [Condition?]

    /// - Parameters:
    ///   - roles: where its roles get their numbers.
    ///   - previous: the policy that this one replaces: what both have is not read again.
    init(_ policy: Policy, roles: inout RoleNumbers, previous: CompiledPolicy? = nil) {
        var members = IdentityTable()
        var grants: [Grants] = []
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
                let number = members.insert(Identity(member))
                if number == grants.count { grants.append(Grants()) }
                if binding.condition == nil {
                    grants[number].roles.append(role)
                } else {
                    grants[number].conditional.append(ConditionalGrant(role: role, binding: index))
                }
            }
        }
        self.policy = policy
        self.kinds = kinds
        self.domains = domains
        self.members = members
        self.grants = grants
        self.conditions = conditions
        let all = grants.map { (RoleSet($0.roles), RoleSet($0.conditional.map(\.role))) }
        let widest = all.reduce(0) { max($0, $1.0.words.count, $1.1.words.count) }
        let width = widest > Self.maximumWidth ? 0 : widest
        self.width = width
        bits = width == 0 ? [] : all.flatMap { $0.0.padded(to: width) + $0.1.padded(to: width) }
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

    /// Words of bits of a member: with custom roles there may be any number of roles.
    private static let maximumWidth = 8

    @inline(__always)
    private func mayHold(oneOf roles: RoleSet, at place: Int) -> Bool {
        width == 0 || roles.intersects(bits, at: place * width, count: width)
    }

    /// The condition of a binding; nil when it has none that can be read.
    func condition(of binding: Int) -> Condition? { conditions[binding] }

    /// A member and a role by which the principal holds the permission, whatever the circumstances.
    ///
    /// - Parameter mayDepend: becomes true when there is such a grant with a condition.
    func grant(
        to identities: Identities, oneOf roles: RoleSet, mayDepend: inout Bool
    ) -> (member: Member, role: Int)? {
        identities.first(in: members, of: kinds) { number in
            if !mayDepend { mayDepend = mayHold(oneOf: roles, at: number * 2 + 1) }
            return mayHold(oneOf: roles, at: number * 2)
        } _: { identity, number in
            grants[number].roles.first { roles.contains($0) }.map { (identity.member, $0) }
        }
    }

    /// The same, by a binding whose condition holds.
    func grant(
        to identities: Identities, oneOf roles: RoleSet, where holds: (Condition) -> Bool
    ) -> (member: Member, role: Int)? {
        identities.first(in: members, of: kinds) { number in
            mayHold(oneOf: roles, at: number * 2 + 1)
        } _: { identity, number in
            let grant = grants[number].conditional.first { grant in
                roles.contains(grant.role) && (conditions[grant.binding].map(holds) ?? false)
            }
            return grant.map { (identity.member, $0.role) }
        }
    }
}
