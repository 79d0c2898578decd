import Access
import Directory
import Federation
import FoundationEssentials

/// What the directory says of pools of identities and of their providers.
public struct DirectoryPools: IdentityPools {
    private let directory: Directory

    /// - Parameter directory: where they are kept.
    public init(directory: Directory) {
        self.directory = directory
    }

    /// A pool; that of a project which is marked for deletion is disabled.
    public func pool(_ pool: Pool) -> IdentityPool? {
        let state = directory.state
        guard let record = state.identityPools[pool.path] else { return nil }
        let isOpen =
            switch pool {
            case .workload(_, let project): state.project(project)?.isActive == true
            case .workforce: true
            }
        return IdentityPool(
            pool: record.pool, isDisabled: record.isDisabled || !isOpen, isDeleted: record.deletedAt != nil,
            sessionSeconds: record.sessionSeconds)
    }

    /// A provider.
    public func provider(_ name: ProviderName) -> IdentityProvider? {
        directory.state.identityProviders[name.path].map(IdentityProvider.init)
    }

    /// Whether an identity was deleted by itself.
    public func isDeleted(_ identity: FederatedIdentity, at now: Date) -> Bool {
        directory.state.deletedSubject(identity.subject, of: identity.pool, at: now) != nil
    }
}

extension IdentityProvider {
    /// A provider as the directory keeps it.
    public init(_ record: IdentityProviderRecord) {
        self.init(
            name: ProviderName(pool: record.pool, id: record.id), issuer: record.issuer, audiences: record.audiences,
            keys: record.keys, attributeMapping: record.attributeMapping,
            attributeCondition: record.attributeCondition, isDisabled: record.isDisabled,
            isDeleted: record.deletedAt != nil)
    }
}
