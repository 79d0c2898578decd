import FoundationEssentials

/// What is set for one constraint on an organization, a folder or a project.
public struct OrganizationPolicy: Hashable, Sendable, Codable {
    /// One rule.
    public struct Rule: Hashable, Sendable, Codable {
        /// What it says.
        public var effect: Effect
        /// For which resources, by their tags; nil for all.
        public var condition: PolicyCondition?

        /// Makes a rule of its parts.
        public init(_ effect: Effect, condition: PolicyCondition? = nil) {
            self.effect = effect
            self.condition = condition
        }
    }

    /// What a rule says.
    public enum Effect: Hashable, Sendable, Codable {
        /// Of a boolean constraint: whether it is enforced.
        case enforce(Bool)
        /// Of a list constraint: every value is allowed.
        case allowAll
        /// Of a list constraint: every value is denied.
        case denyAll
        /// Of a list constraint: these values are allowed, or when there are none, all but those denied.
        case values(allowed: [String], denied: [String])
    }

    /// The name of the constraint: `iam.allowedPolicyMemberDomains`.
    public var constraint: String
    /// The rules.
    public var rules: [Rule]
    /// Whether the values of what lies above count as well; only for list constraints.
    public var inheritsFromParent: Bool
    /// Whether the constraint's default holds again, whatever is set above; then there are no rules.
    public var isReset: Bool
    /// Changes with every write.
    public var etag: Data

    /// Makes a policy of its parts.
    public init(
        _ constraint: Constraint, rules: [Rule] = [], inheritsFromParent: Bool = false, isReset: Bool = false,
        etag: Data = Data()
    ) {
        self.constraint = constraint.name
        self.rules = rules
        self.inheritsFromParent = inheritsFromParent
        self.isReset = isReset
        self.etag = etag
    }
}
