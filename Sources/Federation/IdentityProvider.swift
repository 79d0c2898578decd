import Access
import FoundationEssentials

/// A pool of identities that issuers outside vouch for.
public struct IdentityPool: Hashable, Sendable, Codable {
    /// Which it is.
    public var pool: Pool
    /// Whether it is suspended: no tokens are exchanged, and those that were do not count until it is enabled again.
    public var isDisabled: Bool
    /// Whether it is deleted, but can still be restored.
    public var isDeleted: Bool
    /// For how long tokens of its identities are good, in seconds; nil for what is usual.
    public var sessionSeconds: Int?

    /// How long tokens are good when the pool does not say, in seconds.
    static let usualSession = 3600

    /// Makes a pool of its parts.
    public init(pool: Pool, isDisabled: Bool = false, isDeleted: Bool = false, sessionSeconds: Int? = nil) {
        self.pool = pool
        self.sessionSeconds = sessionSeconds
        self.isDisabled = isDisabled
        self.isDeleted = isDeleted
    }

    /// Whether its identities count.
    public var isActive: Bool { !isDisabled && !isDeleted }

    /// When a token ends that is issued now for a token of an issuer.
    ///
    /// A program's lasts no longer than what it was issued for, unless the pool says for how long (IAM's reference of
    /// `sessionDuration`).
    ///
    /// - Parameter end: when the issuer's token ends.
    func sessionEnd(from now: Date, for end: Date) -> Date {
        let session = now + TimeInterval(sessionSeconds ?? Self.usualSession)
        if case .workload = pool, sessionSeconds == nil { return min(session, end) }
        return session
    }
}

/// An issuer of OpenID Connect whose tokens a pool takes, and what identities it makes of them.
public struct IdentityProvider: Hashable, Sendable, Codable {
    /// Which it is.
    public var name: ProviderName
    /// Whether it is suspended: no tokens are exchanged, and those that were count on.
    public var isDisabled: Bool
    /// Whether it is deleted, but can still be restored.
    public var isDeleted: Bool
    /// What tokens name as `iss`: a URL, below which the issuer tells its keys unless they are given here.
    public var issuer: String
    /// What tokens may name as `aud`; for a workforce pool, the client's id. When a workload pool gives none, a token
    /// must name the provider itself.
    public var audiences: [String]
    /// The issuer's keys, as JSON web keys; nil when the issuer is to be asked.
    public var keys: String?
    /// What an identity is made of: expressions over `assertion`, by `google.subject`, `google.groups` and
    /// `attribute.NAME`.
    public var attributeMapping: [String: String]
    /// What a token must meet: an expression over `assertion`, `google` and `attribute`; nil to take all.
    public var attributeCondition: String?

    /// Makes a provider of its parts.
    public init(
        name: ProviderName, issuer: String, audiences: [String] = [], keys: String? = nil,
        attributeMapping: [String: String], attributeCondition: String? = nil, isDisabled: Bool = false,
        isDeleted: Bool = false
    ) {
        self.name = name
        self.issuer = issuer
        self.audiences = audiences
        self.keys = keys
        self.attributeMapping = attributeMapping
        self.attributeCondition = attributeCondition
        self.isDisabled = isDisabled
        self.isDeleted = isDeleted
    }

    /// Whether tokens are exchanged by it, as far as it matters.
    public var isActive: Bool { !isDisabled && !isDeleted }

    /// Everything that a token may name as its audience.
    var acceptedAudiences: [String] {
        guard audiences.isEmpty, case .workload = name.pool else { return audiences }
        return [name.fullName, "https:" + name.fullName]
    }
}
