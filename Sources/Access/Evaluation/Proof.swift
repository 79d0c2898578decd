/// A decision with everything that was looked at, in order, and what would change it.
public struct Proof: Hashable, Sendable {
    /// The answer. A refusal has its remedies.
    public var decision: Decision
    /// The rules of the deny policies that could apply, those nearest to the resource first.
    public var denyRules: [DenyRuleStep]
    /// The bindings of the resource and of all above it, those nearest to the resource first.
    public var bindings: [BindingStep]
    /// What came close to allowing it, the closest first; none when it is allowed, or refused for another cause than
    /// that nothing grants it.
    public var nearMisses: [NearMiss]
    /// The constraint that would still forbid it if a grant gave the permission; nil where policies do not refuse.
    public var obstacle: Denial.Cause?
    /// Whether there is such a resource at all, or such a project for it to lie in; callers are not told.
    public var resourceExists: Bool

    /// Makes a proof of its parts; without them, of a decision that nothing is known about.
    public init(
        _ decision: Decision, denyRules: [DenyRuleStep] = [], bindings: [BindingStep] = [],
        nearMisses: [NearMiss] = [], obstacle: Denial.Cause? = nil, resourceExists: Bool = true
    ) {
        self.decision = decision
        self.denyRules = denyRules
        self.bindings = bindings
        self.nearMisses = nearMisses
        self.obstacle = obstacle
        self.resourceExists = resourceExists
    }
}

/// How a rule of a deny policy came out.
public struct DenyRuleStep: Hashable, Sendable {
    /// Which rule.
    public var rule: DenyRuleReference
    /// Whether it is about the permission.
    public var matchesPermission: Bool
    /// The denied member that means the principal; nil when none does.
    public var member: Member?
    /// The exception that means the principal; nil when none does.
    public var exception: Member?
    /// How its condition came out; nil when it has none.
    public var condition: ConditionStep?

    /// Whether it denies: its condition must be false to let a call pass.
    public var applies: Bool {
        matchesPermission && member != nil && exception == nil && condition?.outcome != .unsatisfied
    }
}

/// How a binding came out.
public struct BindingStep: Hashable, Sendable {
    /// What its policy is bound to.
    public var boundOn: Resource
    /// Its index in the policy.
    public var index: Int
    /// Its role.
    public var role: String
    /// Whether the role contains the permission.
    public var containsPermission: Bool
    /// The member that means the principal; nil when none does.
    public var member: Member?
    /// How its condition came out; nil when it has none.
    public var condition: ConditionStep?

    /// Whether it grants: its condition must be true.
    public var grants: Bool {
        containsPermission && member != nil && (condition.map { $0.outcome == .satisfied } ?? true)
    }
}

/// How a condition came out.
public struct ConditionStep: Hashable, Sendable {
    /// What comes of a condition.
    public enum Outcome: Hashable, Sendable {
        /// It is true.
        case satisfied
        /// It is false.
        case unsatisfied
        /// It cannot be evaluated, such as for want of an attribute.
        case failed
    }

    /// What came of it.
    public var outcome: Outcome
    /// The expression, with the values that its parts had.
    public var explanation: String
}

/// Something that would have allowed a call but for one thing.
public enum NearMiss: Hashable, Sendable {
    /// A binding grants the role to the principal, but its condition does not hold.
    case condition(BindingStep)
    /// A binding grants the role to an earlier principal of the same address, which was deleted.
    case former(Tombstone, role: String, on: Resource)
    /// A binding grants the role to a group that the principal is not in.
    case group(String, role: String, on: Resource)
    /// The principal has a role with the permission, but elsewhere.
    case elsewhere(role: String, on: Resource)
    /// The principal has a role here, which lacks the permission.
    case otherRole(String, on: Resource)
}
