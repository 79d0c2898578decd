import Conditions

// Decisions with their proof: what `landfall why` and Policy Troubleshooter show. It takes longer than a decision, in
// proportion to the policies that are looked at, and is made only when somebody asks.

extension AccessIndex {
    /// Near misses that a proof names at most.
    static let maximumNearMisses = 20

    /// Decides as `decide` does, and says what was looked at, what came close, and which grants would help.
    public func explain(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Proof {
        var decision = decide(principal, permission, on: resource, in: context)
        let identities = identities(of: principal)
        guard let place = locate(resource) else {
            // As it would be for one that exists: a hyphen stands for whichever project a service account is in.
            let project = resource.project.flatMap { $0 == "-" ? nil : Resource.project($0) }
            let places = [resource] + (project == resource ? [] : [project].compactMap { $0 })
            let remedies = principal == .unauthenticated ? [] : remedies(for: permission, at: places)
            return Proof(decision.with(remedies), resourceExists: false)
        }
        let attributes = context.attributes(of: place.resource, in: hierarchy)
        let denyRules = denyRules(at: place, identities, permission, attributes)
        let bindings = bindings(at: place, identities, permission, attributes)
        guard case .denied(let denial) = decision, denial.cause.isOfPolicies else {
            return Proof(decision, denyRules: denyRules, bindings: bindings)
        }
        if principal != .unauthenticated {
            decision = decision.with(remedies(for: permission, at: place.holders))
        }
        let obstacle = constraint(on: permission, at: place, in: context)
        guard denial.cause == .notGranted else {
            return Proof(decision, denyRules: denyRules, bindings: bindings, obstacle: obstacle)
        }
        let nearMisses = nearMisses(of: principal, identities, permission, bindings, at: place)
        return Proof(decision, denyRules: denyRules, bindings: bindings, nearMisses: nearMisses, obstacle: obstacle)
    }

    /// Whether a policy means a principal by a member.
    public func isMeant(_ principal: Principal, by member: Member) -> Bool {
        identities(of: principal).first(of: .all) { $0.member == member ? true : nil } ?? false
    }

    private func denyRules(
        at place: Place, _ identities: Identities, _ permission: Permission, _ attributes: Attributes
    ) -> [DenyRuleStep] {
        place.lineage.flatMap { denials[$0]?.rules ?? [] }.map { rule in
            DenyRuleStep(
                rule: rule.reference, matchesPermission: rule.permissions.contains(permission),
                member: rule.denied(identities),
                exception: rule.exception(for: identities),
                condition: rule.condition.map { condition in
                    switch condition {
                    case .condition(let condition): ConditionStep(condition, attributes)
                    case .unreadable: ConditionStep(outcome: .failed, explanation: "The condition cannot be read.")
                    }
                })
        }
    }

    private func bindings(
        at place: Place, _ identities: Identities, _ permission: Permission, _ attributes: Attributes
    ) -> [BindingStep] {
        place.holders.flatMap { holder -> [BindingStep] in
            guard let compiled = policies[holder] else { return [] }
            return compiled.policy.bindings.enumerated().map { index, binding in
                let members = Set(binding.members.lazy.compactMap { Member($0) })
                return BindingStep(
                    boundOn: holder, index: index, role: binding.role,
                    containsPermission: catalog[binding.role]?.contains(permission) == true,
                    member: identities.first(of: .all) { members.contains($0.member) ? $0.member : nil },
                    condition: binding.condition.map { condition in
                        compiled.condition(of: index).map { ConditionStep($0, attributes) }
                            ?? ConditionStep(outcome: .failed, explanation: condition.expression)
                    })
            }
        }
    }

    private func nearMisses(
        of principal: Principal, _ identities: Identities, _ permission: Permission, _ bindings: [BindingStep],
        at place: Place
    ) -> [NearMiss] {
        let right = bindings.filter { $0.containsPermission }
        var misses = right.filter { $0.member != nil && !$0.grants }.map(NearMiss.condition)
        for step in right where step.member == nil {
            for member in policies[step.boundOn]?.policy.bindings[step.index].members ?? [] {
                switch Member(member) {
                case .deleted(let tombstone)? where tombstone.living == principal.ownMember:
                    misses.append(.former(tombstone, role: step.role, on: step.boundOn))
                case .group(let group)?: misses.append(.group(group, role: step.role, on: step.boundOn))
                default: break
                }
            }
        }
        misses += elsewhere(identities, permission, besides: place)
        misses += bindings.filter { $0.member != nil && !$0.containsPermission }
            .map { .otherRole($0.role, on: $0.boundOn) }
        return Array(misses.sorted { $0.distance < $1.distance }.prefix(Self.maximumNearMisses))
    }

    /// The resources besides those of a place on which the principal has the permission by a binding of their own.
    private func elsewhere(
        _ identities: Identities, _ permission: Permission, besides place: Place
    ) -> [NearMiss] {
        guard let holders = PermissionTable.known.id(of: permission).map(roles.holders) else { return [] }
        let here = Set(place.holders)
        return policies.compactMap { resource, policy -> (resource: Resource, role: String)? in
            guard !here.contains(resource) else { return nil }
            var mayDepend = false
            return policy.grant(to: identities, oneOf: holders, mayDepend: &mayDepend)
                .map { (resource, roles.names[$0.role]) }
        }
        .sorted { $0.resource.fullName < $1.resource.fullName }
        .prefix(Self.maximumNearMisses)
        .map { .elsewhere(role: $0.role, on: $0.resource) }
    }
}

extension Denial.Cause {
    /// Whether policies refuse. Then the roles with the permission are named, also where a rule denies it: what a caller
    /// is told must be the same whether or not there is such a rule, and whether or not the resource exists.
    fileprivate var isOfPolicies: Bool {
        switch self {
        case .notGranted, .denied: true
        case .projectDeleted, .accountDisabled, .accountGone, .constraint: false
        }
    }
}

extension NearMiss {
    /// How far it is from allowing the call.
    fileprivate var distance: Int {
        switch self {
        case .condition: 0
        case .former: 1
        case .group: 2
        case .elsewhere: 3
        case .otherRole: 4
        }
    }
}

extension Decision {
    /// A refusal with what would help.
    fileprivate func with(_ remedies: [Remedy]) -> Decision {
        guard case .denied(var denial) = self else { return self }
        denial.remedies = remedies
        return .denied(denial)
    }
}

extension ConditionStep {
    fileprivate init(_ condition: Condition, _ attributes: Attributes) {
        explanation = condition.explain(for: attributes).description
        outcome =
            switch condition.evaluate(for: attributes) {
            case .met: .satisfied
            case .notMet: .unsatisfied
            case .notEvaluable: .failed
            }
    }
}
