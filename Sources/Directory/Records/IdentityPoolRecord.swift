import Access
import FoundationEssentials

/// A pool of identities that issuers outside vouch for.
public struct IdentityPoolRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "identityPool"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.identityPools }

    /// Which it is.
    public var pool: Pool
    /// The number of the organization that a workforce pool belongs to; nil for a workload pool, which names its project.
    public var organization: String?
    /// A name for people, at most 32 characters.
    public var displayName: String
    /// At most 256 characters.
    public var about: String
    /// Whether its identities are refused for now.
    public var isDisabled: Bool
    /// For how long tokens of its identities are good, in seconds; nil for what is usual.
    public var sessionSeconds: Int?
    /// When it was made.
    public var createdAt: Date
    /// When it was deleted; nil for one that exists.
    public var deletedAt: Date?

    /// Makes a record of a pool that exists.
    public init(
        pool: Pool, organization: String? = nil, displayName: String = "", about: String = "",
        isDisabled: Bool = false, sessionSeconds: Int? = nil, createdAt: Date
    ) {
        self.pool = pool
        self.organization = organization
        self.displayName = displayName
        self.about = about
        self.isDisabled = isDisabled
        self.sessionSeconds = sessionSeconds
        self.createdAt = createdAt
    }

    /// What it is kept by: `locations/global/workforcePools/staff`.
    public var key: String { pool.path }

    /// Lets policies name its identities while it exists, and access to a workforce pool be granted above it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        guard let pool = (new ?? old)?.pool else { return }
        if case .workforce(let id) = pool {
            try access.changeHierarchy { hierarchy throws(HierarchyError) in
                try hierarchy.setWorkforcePool(id, in: new?.organization)
            }
        }
        access.setPool(pool, exists: new.map { $0.deletedAt == nil } ?? false)
    }
}
