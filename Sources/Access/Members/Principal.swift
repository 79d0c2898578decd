/// Someone or something that a call is made by.
public enum Principal: Hashable, Sendable, Codable {
    /// A person, by e-mail address in lower case.
    case user(String)
    /// A service account, by e-mail address in lower case.
    ///
    /// The unique id tells it from an earlier account of the same address; nil where only the address is known, which
    /// then means the account that has it now.
    case serviceAccount(String, uniqueID: String? = nil)
    /// An identity of a pool.
    case federated(FederatedIdentity)
    /// A call without credentials.
    case unauthenticated

    /// The e-mail address; nil for identities of pools and for calls without credentials.
    public var email: String? {
        switch self {
        case .user(let email), .serviceAccount(let email, _): email
        case .federated, .unauthenticated: nil
        }
    }

    /// What people know it by: the e-mail address, or the identifier of an identity of a pool.
    public var name: String {
        switch self {
        case .user(let email), .serviceAccount(let email, _): email
        case .federated(let identity): identity.member.text
        case .unauthenticated: "anonymous"
        }
    }

    /// How a policy's binding writes it: `user:alice@example.com`.
    public var member: String { ownMember.text }

    /// The member that means it and nobody else; `allUsers` for a call without credentials.
    public var ownMember: Member {
        switch self {
        case .user(let email): .user(email)
        case .serviceAccount(let email, _): .serviceAccount(email)
        case .federated(let identity): identity.member
        case .unauthenticated: .allUsers
        }
    }
}

/// An identity that an issuer outside vouches for.
public struct FederatedIdentity: Hashable, Sendable, Codable {
    /// Where its issuer is known.
    public var pool: Pool
    /// What the pool's provider maps to `google.subject`.
    public var subject: String
    /// What it maps to `google.groups`.
    public var groups: [String]
    /// What it maps to `attribute.NAME`, by `NAME`.
    public var attributes: [String: String]

    /// Makes an identity of its parts.
    public init(pool: Pool, subject: String, groups: [String] = [], attributes: [String: String] = [:]) {
        self.pool = pool
        self.subject = subject
        self.groups = groups
        self.attributes = attributes
    }

    /// The member that means it and nobody else.
    public var member: Member { .subject(subject, pool) }

    /// The members that mean it and others of its pool.
    var sets: [Member] {
        [.identities(.all, pool)] + groups.map { .identities(.group($0), pool) }
            + attributes.map { .identities(.attribute($0.key, $0.value), pool) }
    }
}
