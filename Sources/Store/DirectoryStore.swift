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

    /// Adds a project with its first policy and its services: all of it, or nothing.
    ///
    /// - Parameter bindings: none leaves the policy unwritten.
    /// - Throws: `StoreError.alreadyExists`
    func insertProject(_ project: ProjectRecord, bindings: [Binding], services: Set<String>) async throws
    /// By id or by number.
    func project(_ idOrNumber: String) async throws -> ProjectRecord?
    /// By id, those after `id` when it is given.
    func projects(after id: String?, limit: Int) async throws -> [ProjectRecord]

    /// Reads a project, changes it and writes it back, with no other change in between.
    ///
    /// - Parameter change: what it throws is passed on, and nothing is written. The id, the number and the time of
    ///   creation stay as they are.
    /// - Returns: the project as it is now; nil when there is none.
    func changeProject(
        _ idOrNumber: String, _ change: @escaping @Sendable (inout ProjectRecord) throws -> Void
    ) async throws -> ProjectRecord?

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
