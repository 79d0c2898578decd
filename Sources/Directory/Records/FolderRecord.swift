import Access
import FoundationEssentials

/// A folder of an organization.
public struct FolderRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "folder"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.folders }

    /// How many are kept, those marked for deletion among them.
    public static let most = 10_000

    /// 12 digits.
    public var number: String
    /// The name for people, unique among its siblings.
    public var displayName: String
    /// The organization or folder that it lies in.
    public var parent: Resource
    /// When it was made.
    public var createdAt: Date
    /// When it was last changed.
    public var updatedAt: Date
    /// When it was marked for deletion; nil for a folder in use.
    public var deletedAt: Date?

    /// Makes a record of a folder in use.
    public init(number: String, displayName: String, parent: Resource, createdAt: Date) {
        self.number = number
        self.displayName = displayName
        self.parent = parent
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    /// What it is kept by.
    public var key: String { number }

    /// The folder as something that access is granted on.
    public var resource: Resource { .folder(number) }

    /// Whether it is in use, rather than marked for deletion.
    public var isActive: Bool { deletedAt == nil }

    /// Makes decisions obey it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        guard let new else {
            if let old { try access.remove(old.resource) }
            return
        }
        try access.changeHierarchy { hierarchy throws(HierarchyError) in
            try hierarchy.put(Folder(number: new.number, parent: new.parent))
        }
    }
}
