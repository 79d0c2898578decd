import Access
import FoundationEssentials

/// Organizations, projects, the policies bound to them, and the services that projects have enabled.
public protocol DirectoryStore: Sendable {
    /// - Throws: `StoreError.alreadyExists`
    func insertOrganization(_ organization: OrganizationRecord) async throws
    /// Nil when there is none of this number.
    func organization(number: String) async throws -> OrganizationRecord?
    /// All of them, by number.
    func organizations() async throws -> [OrganizationRecord]

    /// - Throws: `StoreError.alreadyExists`
    func insertProject(_ project: ProjectRecord) async throws
    /// By id or by number.
    func project(_ idOrNumber: String) async throws -> ProjectRecord?
    /// By id, those after `id` when it is given.
    func projects(after id: String?, limit: Int) async throws -> [ProjectRecord]

    /// The policy of an organization, a folder, a project or a service account; empty when none was ever set.
    func policy(of resource: Resource) async throws -> Policy

    /// Replaces a policy and gives it a new etag.
    ///
    /// - Parameter etag: what the caller read; nil writes whatever is there.
    /// - Throws: `StoreError.conflict` when the policy has changed since.
    func setPolicy(_ bindings: [Binding], of resource: Resource, ifMatches etag: Data?) async throws -> Policy

    /// The services that a project has enabled: `batch.googleapis.com`.
    func enabledServices(project: String) async throws -> Set<String>
    /// Enables or disables a service; nothing happens when it is as wanted.
    func setService(_ service: String, enabled: Bool, project: String) async throws
}

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

    /// Makes a record of a project without labels.
    public init(id: String, number: String, displayName: String, parent: Resource, createdAt: Date) {
        self.id = id
        self.number = number
        self.displayName = displayName
        self.parent = parent
        self.labels = [:]
        self.createdAt = createdAt
    }

    /// The service account that jobs run as when they name none.
    public var defaultServiceAccount: String { "\(number)-compute@developer.gserviceaccount.com" }
}
