import Access
import FoundationEssentials

/// A secret. Its versions and their values are kept elsewhere, by its uid.
public struct SecretRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "secret"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.secrets }

    /// How many are kept.
    public static let most = 100_000

    /// With the project's id.
    public var resource: Resource
    /// 36 characters, never given out twice: a secret of the same name that is made later has another.
    public var uid: String
    /// Where its values are to lie, as its maker wished; empty for wherever. Here there is one place.
    public var locations: [String]
    /// What clients sort it by.
    public var labels: [String: String]
    /// What clients keep with it.
    public var annotations: [String: String]
    /// Versions by names of their own.
    public var aliases: [String: Int64]
    /// When it ends; nil for never.
    public var expiresAt: Date?
    /// What tells this state from all others.
    public var etag: Data
    /// When it was made.
    public var createdAt: Date

    /// Makes a record of a new secret.
    ///
    /// - Parameter resource: with the project's id.
    public init(
        _ resource: Resource, uid: String, locations: [String] = [], labels: [String: String] = [:],
        annotations: [String: String] = [:], aliases: [String: Int64] = [:], expiresAt: Date? = nil, createdAt: Date
    ) {
        self.resource = resource
        self.uid = uid
        self.locations = locations
        self.labels = labels
        self.annotations = annotations
        self.aliases = aliases
        self.expiresAt = expiresAt
        self.createdAt = createdAt
        etag = Etag.random()
    }

    /// What it is kept by.
    public var key: String { resource.fullName }
}
