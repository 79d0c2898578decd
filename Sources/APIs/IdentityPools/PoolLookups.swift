import Directory
import FoundationEssentials
import Methods

// Pools and providers by the names that requests have.

extension DirectoryState {
    /// The pool of a name, which the caller was found to have access to; also a deleted one that can be undeleted.
    ///
    /// - Throws: `NOT_FOUND`
    func pool(_ name: PoolName, at now: Date) throws -> IdentityPoolRecord {
        guard let pool = identityPool(of: name.resource), pool.isKnown(at: now) else { throw Self.absent(name.text) }
        return pool
    }

    /// The provider of a name, in the same way.
    ///
    /// - Throws: `NOT_FOUND`
    func provider(_ name: ProviderReference, at now: Date) throws -> IdentityProviderRecord {
        let pool = try pool(name.pool, at: now)
        guard let provider = identityProviders["\(pool.key)/providers/\(name.id)"], provider.isKnown(at: now) else {
            throw Self.absent(name.text)
        }
        return provider
    }

    private static func absent(_ name: String) -> ServiceError {
        .notFound("Requested entity was not found: \(name.prefix(300)) does not exist.")
    }
}

extension IdentityPoolRecord {
    /// Whether it is not gone for good.
    func isKnown(at now: Date) -> Bool { expiresAt.map { $0 > now } ?? true }
}

extension IdentityProviderRecord {
    /// Whether it is not gone for good.
    func isKnown(at now: Date) -> Bool { expiresAt.map { $0 > now } ?? true }
}
