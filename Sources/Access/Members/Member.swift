/// Whom a binding or a deny rule means.
public enum Member: Hashable, Sendable {
    /// A person, by e-mail address in lower case.
    case user(String)
    /// A service account, by e-mail address in lower case.
    case serviceAccount(String)
    /// Everyone in a group, by its e-mail address in lower case.
    case group(String)
    /// Every person of a domain, in lower case.
    case domain(String)
    /// Every person of the organization with this customer id.
    case customer(String)
    /// Everyone, authenticated or not.
    case allUsers
    /// Every person and every service account; not the identities of pools.
    case allAuthenticatedUsers
    /// One identity of a pool, by its subject.
    case subject(String, Pool)
    /// Many identities of a pool.
    case identities(Pool.Selection, Pool)
    /// The service accounts of all projects in a container, by the container's name with its number:
    /// `projects/123456789012`.
    case accounts(Accounts, in: String)
    /// A principal that was deleted: grants nothing, also when there is another of the same address.
    case deleted(Tombstone)

    /// Which service accounts of a container are meant.
    public enum Accounts: String, Hashable, Sendable, CaseIterable {
        /// Those that people made or that jobs run as by default.
        case serviceAccount = "ServiceAccount"
        /// Those that services made for themselves.
        case serviceAgent = "ServiceAgent"
    }
}

/// What is left of a deleted principal in a policy.
public struct Tombstone: Hashable, Sendable {
    /// Which sort of principal it was.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case user
        case serviceAccount
        case group
    }

    /// Which sort of principal it was.
    public var kind: Kind
    /// In lower case.
    public var email: String
    /// Digits: tells the principal from a later one of the same address.
    public var uid: String

    /// Makes a tombstone of its parts.
    public init(_ kind: Kind, email: String, uid: String) {
        self.kind = kind
        self.email = email
        self.uid = uid
    }

    /// The member that it is again when the principal is undeleted.
    public var living: Member {
        switch kind {
        case .user: .user(email)
        case .serviceAccount: .serviceAccount(email)
        case .group: .group(email)
        }
    }
}

/// Identities that another issuer vouches for.
public enum Pool: Hashable, Sendable, Codable {
    /// People of an organization.
    case workforce(String)
    /// Programs, in the project of this number.
    case workload(String, project: String)

    /// Which identities of a pool are meant.
    public enum Selection: Hashable, Sendable {
        /// All.
        case all
        /// Those in a group of the issuer's.
        case group(String)
        /// Those with an attribute of this name and value.
        case attribute(String, String)
    }

    /// `locations/global/workforcePools/staff`.
    public var path: String {
        switch self {
        case .workforce(let id): "locations/global/workforcePools/\(id)"
        case .workload(let id, let project): "projects/\(project)/locations/global/workloadIdentityPools/\(id)"
        }
    }
}
