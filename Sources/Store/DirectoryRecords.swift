import Access
import FoundationEssentials

/// An organization: the root of the hierarchy.
public struct OrganizationRecord: Codable, Hashable, Sendable {
    /// 12 digits.
    public var number: String
    /// The domain of its people: `example.com`.
    public var domain: String
    /// When it was made.
    public var createdAt: Date

    /// Makes a record of its parts.
    public init(number: String, domain: String, createdAt: Date) {
        self.number = number
        self.domain = domain
        self.createdAt = createdAt
    }
}

/// A project: what jobs, policies and enabled services belong to.
public struct ProjectRecord: Codable, Hashable, Sendable {
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

    /// Whether it is in use, rather than marked for deletion.
    public var isActive: Bool { deletedAt == nil }

    /// The service account that jobs run as when they name none.
    public var defaultServiceAccount: String { "\(number)-compute@developer.gserviceaccount.com" }
}
