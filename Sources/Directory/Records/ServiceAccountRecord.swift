import Access
import FoundationEssentials

/// A service account: an identity of programs, which belongs to a project.
public struct ServiceAccountRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "serviceAccount"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.serviceAccounts }

    /// Who made it.
    public enum Origin: String, Hashable, Sendable, Codable {
        /// A user.
        case user
        /// The project, for what names no account.
        case `default`
        /// A service, for itself: users neither change nor delete it.
        case serviceAgent
    }

    /// In lower case.
    public var email: String
    /// 21 digits, never given out twice: another account of the same address has another one.
    public var uniqueID: String
    /// The id of the project that it belongs to.
    public var project: String
    /// Who made it.
    public var origin: Origin
    /// A name for people, at most 100 bytes.
    public var displayName: String
    /// At most 256 bytes.
    public var about: String
    /// Whether its calls are refused for now.
    public var isDisabled: Bool
    /// When it was made.
    public var createdAt: Date
    /// When it was deleted; nil for one that exists.
    public var deletedAt: Date?
    /// Changes with every write.
    public var etag: Data

    /// Makes a record of an account that exists.
    public init(
        email: String, uniqueID: String, project: String, origin: Origin = .user, displayName: String = "",
        about: String = "", createdAt: Date
    ) {
        self.email = email
        self.uniqueID = uniqueID
        self.project = project
        self.origin = origin
        self.displayName = displayName
        self.about = about
        self.createdAt = createdAt
        isDisabled = false
        etag = Etag.random()
    }

    /// What it is kept by.
    public var key: String { uniqueID }

    /// The account as something that access is granted on.
    public var resource: Resource { .serviceAccount(email: email, project: project) }

    /// The account as access sees it; nil for a deleted one.
    var account: ServiceAccount? {
        guard deletedAt == nil else { return nil }
        return ServiceAccount(
            email: email, uniqueID: uniqueID, project: project, isDisabled: isDisabled,
            isServiceAgent: origin == .serviceAgent)
    }

    /// Makes decisions obey it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        if let account = new?.account {
            if let other = access.principals.accounts?[account.email], other.uniqueID != account.uniqueID {
                throw DirectoryError.alreadyExists
            }
            access.setAccount(account)
        } else if let account = old?.account {
            access.removeAccount(account)
        }
    }
}
