import FoundationEssentials

/// What some principals may not do on a resource and all below it, whatever they are granted.
public struct DenyPolicy: Hashable, Sendable, Codable {
    /// 3 to 63 characters: `no-keys`.
    public var id: String
    /// A name for people; empty for none.
    public var displayName: String
    /// The rules: one that applies is enough.
    public var rules: [DenyRule]
    /// Changes with every write.
    public var etag: Data

    /// Makes a policy of its parts.
    public init(id: String, displayName: String = "", rules: [DenyRule], etag: Data = Data()) {
        self.id = id
        self.displayName = displayName
        self.rules = rules
        self.etag = etag
    }
}

/// One rule of a deny policy.
public struct DenyRule: Hashable, Sendable, Codable {
    /// What it is for; empty for none.
    public var description: String
    /// Whom it denies: `principal://goog/subject/alice@example.com`; see `Member.identifier`.
    public var deniedPrincipals: [String]
    /// Whom of these it does not deny.
    public var exceptionPrincipals: [String]
    /// What it denies: `run.googleapis.com/jobs.run`; see `PermissionPattern`.
    public var deniedPermissions: [String]
    /// What of this it does not deny.
    public var exceptionPermissions: [String]
    /// When it denies; nil for always.
    public var condition: PolicyCondition?

    /// Makes a rule of its parts.
    public init(
        description: String = "", deniedPrincipals: [String], exceptionPrincipals: [String] = [],
        deniedPermissions: [String], exceptionPermissions: [String] = [], condition: PolicyCondition? = nil
    ) {
        self.description = description
        self.deniedPrincipals = deniedPrincipals
        self.exceptionPrincipals = exceptionPrincipals
        self.deniedPermissions = deniedPermissions
        self.exceptionPermissions = exceptionPermissions
        self.condition = condition
    }
}
