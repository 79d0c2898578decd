import Access
import FoundationEssentials

/// A repository of images. What it has is kept elsewhere, by its uid.
public struct RepositoryRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "repository"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.repositories }

    /// How many are kept.
    public static let most = 10_000

    /// With the project's id.
    public var resource: Resource
    /// 36 characters, never given out twice: a repository of the same name that is made later has another.
    public var uid: String
    /// For people.
    public var description: String
    /// What clients sort it by.
    public var labels: [String: String]
    /// Whether a tag stays with the version that it was given to.
    public var tagsAreImmutable: Bool
    /// When it was made.
    public var createdAt: Date
    /// When it was last changed.
    public var updatedAt: Date

    /// Makes a record of a new repository.
    ///
    /// - Parameter resource: with the project's id.
    public init(
        _ resource: Resource, uid: String, description: String = "", labels: [String: String] = [:],
        tagsAreImmutable: Bool = false, createdAt: Date
    ) {
        self.resource = resource
        self.uid = uid
        self.description = description
        self.labels = labels
        self.tagsAreImmutable = tagsAreImmutable
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    /// What it is kept by.
    public var key: String { resource.fullName }
}
