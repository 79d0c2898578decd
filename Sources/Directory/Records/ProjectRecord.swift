import Access
import FoundationEssentials

/// A project: what jobs, policies and enabled services belong to.
public struct ProjectRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "project"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.projects }

    /// How many are kept, those marked for deletion among them: people make them for themselves.
    public static let most = 10_000

    /// 4 to 30 characters of `[a-z0-9-]`.
    public var id: String
    /// 12 digits.
    public var number: String
    /// The name for people.
    public var displayName: String
    /// The organization or folder that it lies in.
    public var parent: Resource
    /// At most 64.
    public var labels: [String: String]
    /// When it was made.
    public var createdAt: Date
    /// When it was last changed.
    public var updatedAt: Date
    /// When it was marked for deletion; nil for a project in use.
    public var deletedAt: Date?

    /// Makes a record of a project in use.
    public init(
        id: String, number: String, displayName: String, parent: Resource, labels: [String: String] = [:],
        createdAt: Date
    ) {
        self.id = id
        self.number = number
        self.displayName = displayName
        self.parent = parent
        self.labels = labels
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    /// What it is kept by.
    public var key: String { id }

    /// The project as something that access is granted on.
    public var resource: Resource { .project(id) }

    /// Whether it is in use, rather than marked for deletion.
    public var isActive: Bool { deletedAt == nil }

    /// The address of the service account that jobs run as when they name none.
    public var defaultServiceAccount: String { "\(number)-compute@developer.gserviceaccount.com" }

    /// Makes decisions obey it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        guard let new else {
            if let old { try access.remove(old.resource) }
            return
        }
        try access.changeHierarchy { hierarchy throws(HierarchyError) in
            try hierarchy.put(
                Project(id: new.id, number: new.number, parent: new.parent, isActive: new.isActive))
        }
    }
}
