import Access
import FoundationEssentials

// How pools of identities and their providers come about, go, and come back.

extension IdentityPoolRecord {
    /// Pools that a project or an organization can have, without deleted ones (IAM's quota for workforce pools).
    public static let most = 100
    /// Pools of a project or an organization that are kept, deleted ones among them.
    public static let mostKept = 1000
    /// How long a deleted pool or provider can be undeleted, in seconds; until then its id is taken.
    public static let undeletable: TimeInterval = 30 * 86_400

    /// Until when it can be undeleted; nil for one that is not deleted.
    public var expiresAt: Date? { deletedAt.map { $0 + Self.undeletable } }
}

extension IdentityProviderRecord {
    /// Providers that a pool can have, deleted ones among them (IAM's limit for workforce pools).
    public static let most = 200
    /// Providers that all pools of a project or an organization can have together.
    public static let mostKept = 1000

    /// Until when it can be undeleted; nil for one that is not deleted.
    public var expiresAt: Date? { deletedAt.map { $0 + IdentityPoolRecord.undeletable } }
}

extension DirectoryState {
    /// The pool that is meant by a resource, whether its name has the project's id or its number, deleted or not.
    public func identityPool(of resource: Resource) -> IdentityPoolRecord? {
        switch resource {
        case .workloadIdentityPool(let id, let project):
            self.project(project).flatMap { identityPools[Pool.workload(id, project: $0.number).path] }
        case .workforcePool(let id): identityPools[Pool.workforce(id).path]
        default: nil
        }
    }

    /// A pool as something that access is granted on; nil when its project does not exist.
    public func resource(of pool: Pool) -> Resource? {
        switch pool {
        case .workload(let id, let number):
            project(number).map { .workloadIdentityPool(id, project: $0.id) }
        case .workforce(let id): .workforcePool(id)
        }
    }

    /// The pools of a project or an organization, deleted ones among them, by path.
    public func identityPools(in parent: Resource) -> [IdentityPoolRecord] {
        identityPools.all.filter { self.parent(of: $0) == parent }.sorted { $0.key < $1.key }
    }

    /// The providers of a pool, deleted ones among them, by id.
    public func identityProviders(of pool: Pool) -> [IdentityProviderRecord] {
        identityProviders.all.filter { $0.pool == pool }.sorted { $0.id < $1.id }
    }

    /// The project or the organization that a pool belongs to.
    func parent(of record: IdentityPoolRecord) -> Resource? {
        switch record.pool {
        case .workload(_, let number): project(number)?.resource
        case .workforce: record.organization.map(Resource.organization)
        }
    }
}

extension DirectoryDraft {
    /// Adds a new pool.
    ///
    /// - Throws: `DirectoryError.alreadyExists` when the id is taken, also by a deleted pool that can be undeleted;
    ///   `DirectoryError.limitReached`; `HierarchyError.noParent` for a workforce pool of no organization.
    public mutating func createPool(_ pool: IdentityPoolRecord, at now: Date) throws {
        try forgetPools(at: now)
        guard state.identityPools[pool.key] == nil else { throw DirectoryError.alreadyExists }
        try checkRoom(beside: pool)
        try put(pool)
    }

    /// Takes up a deleted pool again, with what policies granted its identities.
    ///
    /// - Throws: `DirectoryError.limitReached`
    public mutating func undeletePool(_ pool: IdentityPoolRecord) throws -> IdentityPoolRecord {
        try checkRoom(beside: pool)
        var pool = pool
        pool.deletedAt = nil
        try put(pool)
        return pool
    }

    /// Adds a new provider.
    ///
    /// - Throws: `DirectoryError.alreadyExists` when the id is taken, also by a deleted one that can be undeleted;
    ///   `DirectoryError.limitReached`.
    public mutating func createProvider(
        _ provider: IdentityProviderRecord, of pool: IdentityPoolRecord, at now: Date
    ) throws {
        try forgetPools(at: now)
        guard state.identityProviders[provider.key] == nil else { throw DirectoryError.alreadyExists }
        guard state.identityProviders(of: pool.pool).count < IdentityProviderRecord.most else {
            throw DirectoryError.limitReached(IdentityProviderRecord.most)
        }
        let siblings = state.parent(of: pool).map(state.identityPools(in:)) ?? []
        let pools = Set(siblings.map(\.pool))
        guard state.identityProviders.all.count(where: { pools.contains($0.pool) }) < IdentityProviderRecord.mostKept
        else { throw DirectoryError.limitReached(IdentityProviderRecord.mostKept) }
        try put(provider)
    }

    /// Forgets the pools, providers and subjects that nobody can undelete any more. What policies granted to the
    /// identities of such a pool goes with it: a later one of the same id inherits nothing.
    public mutating func forgetPools(at now: Date) throws {
        for provider in state.identityProviders.all where provider.expiresAt.map({ $0 <= now }) ?? false {
            try remove(provider)
        }
        for subject in state.deletedSubjects.all where !subject.counts(at: now) { try remove(subject) }
        for pool in state.identityPools.all where pool.expiresAt.map({ $0 <= now }) ?? false { try forget(pool) }
    }

    private mutating func forget(_ pool: IdentityPoolRecord) throws {
        for provider in state.identityProviders(of: pool.pool) { try remove(provider) }
        for subject in state.deletedSubjects.all where subject.pool == pool.pool { try remove(subject) }
        if let resource = state.resource(of: pool.pool), let policy = state.policies[resource.fullName] {
            try remove(policy)
        }
        for record in state.policies.all {
            guard let policy = record.policy.forgetting(pool.pool) else { continue }
            try setPolicy(policy, of: record.resource)
        }
        for var record in state.denyPolicies.all where record.policy.forgetExceptions(of: pool.pool) {
            record.policy.etag = Etag.random()
            try put(record)
        }
        try remove(pool)
    }

    private func checkRoom(beside pool: IdentityPoolRecord) throws {
        let siblings = (state.parent(of: pool).map(state.identityPools(in:)) ?? []).filter { $0.key != pool.key }
        guard siblings.count(where: { $0.deletedAt == nil }) < IdentityPoolRecord.most else {
            throw DirectoryError.limitReached(IdentityPoolRecord.most)
        }
        guard siblings.count < IdentityPoolRecord.mostKept else {
            throw DirectoryError.limitReached(IdentityPoolRecord.mostKept)
        }
    }
}
