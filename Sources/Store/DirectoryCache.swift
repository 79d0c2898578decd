import Access
import FoundationEssentials
import Synchronization

/// A directory that keeps what it has read in memory, so that a check of access needs no disk.
///
/// Every write must go through the same cache: it forgets what a write changed before the write returns.
public final class DirectoryCache: DirectoryStore {
    /// At most this many entries of each kind: then all of them are forgotten.
    private static let capacity = 10_000

    private struct Entries {
        /// Counts the writes, so that what was read before one is not kept after it.
        var generation = 0
        var projects: [String: ProjectRecord] = [:]
        var policies: [Resource: Policy] = [:]
        var services: [String: Set<String>] = [:]
    }

    private let store: any DirectoryStore
    private let entries = Mutex(Entries())

    /// - Parameter store: where the directory is kept.
    public init(_ store: any DirectoryStore) {
        self.store = store
    }

    /// The project of an id or of a number.
    public func project(_ idOrNumber: String) async throws -> ProjectRecord? {
        try await cached(\.projects, idOrNumber) { try await $0.project(idOrNumber) }
    }

    /// The policy of a resource; empty when none was ever set.
    public func policy(of resource: Resource) async throws -> Policy {
        try await cached(\.policies, resource) { try await $0.policy(of: resource) } ?? Policy()
    }

    /// The services that a project has enabled.
    public func enabledServices(project: String) async throws -> Set<String> {
        try await cached(\.services, project) { try await $0.enabledServices(project: project) } ?? []
    }

    /// Adds a project with its first policy and its services.
    ///
    /// - Throws: `StoreError.alreadyExists`
    public func insertProject(
        _ project: ProjectRecord, bindings: [Binding], services: Set<String>
    ) async throws {
        try await changing { try await $0.insertProject(project, bindings: bindings, services: services) }
    }

    /// Changes a project.
    public func changeProject(
        _ idOrNumber: String, _ change: @escaping @Sendable (inout ProjectRecord) throws -> Void
    ) async throws -> ProjectRecord? {
        try await changing { try await $0.changeProject(idOrNumber, change) }
    }

    /// Replaces a policy and gives it a new etag.
    ///
    /// - Throws: `StoreError.conflict` when `etag` is given and stale.
    public func setPolicy(
        _ bindings: [Binding], of resource: Resource, ifMatches etag: Data?
    ) async throws -> Policy {
        try await changing { try await $0.setPolicy(bindings, of: resource, ifMatches: etag) }
    }

    /// Enables or disables a service.
    public func setService(_ service: String, enabled: Bool, project: String) async throws {
        try await changing { try await $0.setService(service, enabled: enabled, project: project) }
    }

    /// Adds an organization.
    ///
    /// - Throws: `StoreError.alreadyExists`
    public func insertOrganization(_ organization: OrganizationRecord) async throws {
        try await store.insertOrganization(organization)
    }

    /// The organization of a number.
    public func organization(number: String) async throws -> OrganizationRecord? {
        try await store.organization(number: number)
    }

    /// All organizations, by number.
    public func organizations() async throws -> [OrganizationRecord] { try await store.organizations() }

    /// At most `limit` projects by id, those after `id` when it is given.
    public func projects(after id: String?, limit: Int) async throws -> [ProjectRecord] {
        try await store.projects(after: id, limit: limit)
    }

    private func cached<Key: Hashable & Sendable, Value: Sendable>(
        _ kind: WritableKeyPath<Entries, [Key: Value]> & Sendable, _ key: Key,
        read: (any DirectoryStore) async throws -> Value?
    ) async throws -> Value? {
        let (known, generation) = entries.withLock { ($0[keyPath: kind][key], $0.generation) }
        if let known { return known }
        let value = try await read(store)
        entries.withLock { entries in
            guard entries.generation == generation, let value else { return }
            if entries[keyPath: kind].count >= Self.capacity { entries[keyPath: kind] = [:] }
            entries[keyPath: kind][key] = value
        }
        return value
    }

    /// Writes, and forgets everything: also after a failure, since a write that failed late may be on disk.
    private func changing<Value: Sendable>(
        _ write: (any DirectoryStore) async throws -> Value
    ) async throws -> Value {
        defer { forget() }
        return try await write(store)
    }

    private func forget() {
        entries.withLock { $0 = Entries(generation: $0.generation + 1) }
    }
}
