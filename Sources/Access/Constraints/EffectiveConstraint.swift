/// What holds for one constraint on one resource, with everything above it taken into account.
public enum EffectiveConstraint: Hashable, Sendable {
    /// Of a boolean constraint.
    case enforced(Bool)
    /// Of a list constraint.
    case values(AllowedValues)

    /// Which values a list constraint allows.
    public struct AllowedValues: Hashable, Sendable {
        /// These are allowed; nil for all.
        public var allowed: Set<String>?
        /// These are not, also when they are among the allowed.
        public var denied: Set<String>

        /// Makes a set of values.
        public init(allowed: Set<String>?, denied: Set<String> = []) {
            self.allowed = allowed
            self.denied = denied
        }

        /// Whether a value is allowed.
        public func contains(_ value: String) -> Bool {
            !denied.contains(value) && (allowed?.contains(value) ?? true)
        }
    }
}

extension Constraint {
    /// What holds on a resource.
    ///
    /// - Parameters:
    ///   - policies: what is set for this constraint on the resource's container and on all above it, from the
    ///     container upwards; nil where nothing is.
    ///   - isTrue: whether a rule's condition holds for the resource.
    func effective(
        _ policies: [OrganizationPolicy?], where isTrue: (PolicyCondition) -> Bool
    ) -> EffectiveConstraint {
        switch kind {
        case .boolean(let isEnforcedByDefault):
            for case let policy? in policies {
                if policy.isReset { break }
                for case .enforce(let isEnforced) in policy.effects(where: isTrue) { return .enforced(isEnforced) }
            }
            return .enforced(isEnforcedByDefault)
        case .list(let allowsByDefault):
            var values = ListValues()
            for case let policy? in policies {
                if policy.isReset { break }
                for effect in policy.effects(where: isTrue) { values.add(effect) }
                if !policy.inheritsFromParent { return .values(values.effective(allowsOthers: true)) }
            }
            return .values(values.effective(allowsOthers: allowsByDefault))
        }
    }
}

extension OrganizationPolicy {
    /// What the rules say for a resource: those whose condition holds, else those without one.
    fileprivate func effects(where isTrue: (PolicyCondition) -> Bool) -> [Effect] {
        let conditional = rules.filter { $0.condition.map(isTrue) ?? false }
        return (conditional.isEmpty ? rules.filter { $0.condition == nil } : conditional).map(\.effect)
    }
}

/// What the rules of a list constraint say together: all that any of them says, with denials before what is allowed.
private struct ListValues {
    private var allowsAll = false
    private var deniesAll = false
    private var allowed: Set<String> = []
    private var denied: Set<String> = []

    mutating func add(_ effect: OrganizationPolicy.Effect) {
        switch effect {
        case .enforce: break
        case .allowAll: allowsAll = true
        case .denyAll: deniesAll = true
        case .values(let allowed, let denied):
            self.allowed.formUnion(allowed.map(Self.bare))
            self.denied.formUnion(denied.map(Self.bare))
        }
    }

    /// - Parameter allowsOthers: whether what no rule speaks of is allowed, when no rule says what is.
    func effective(allowsOthers: Bool) -> EffectiveConstraint.AllowedValues {
        if deniesAll { return .init(allowed: []) }
        if allowsAll { return .init(allowed: nil, denied: denied) }
        return .init(allowed: allowed.isEmpty && allowsOthers ? nil : allowed, denied: denied)
    }

    /// A value without the `is:` that says that it means itself.
    private static func bare(_ value: String) -> String {
        value.hasPrefix("is:") ? String(value.dropFirst(3)) : value
    }
}
