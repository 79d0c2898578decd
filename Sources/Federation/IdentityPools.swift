import Access
import FoundationEssentials

/// Knows the pools and their providers.
///
/// Tokens are exchanged, and count, by what it says, each time.
public protocol IdentityPools: Sendable {
    /// A pool that exists, also when it is disabled or can still be restored.
    func pool(_ pool: Pool) async throws -> IdentityPool?

    /// A provider that exists, also when it is disabled or can still be restored.
    func provider(_ name: ProviderName) async throws -> IdentityProvider?

    /// Whether an identity was deleted by itself, though its pool exists.
    func isDeleted(_ identity: FederatedIdentity, at now: Date) async throws -> Bool
}

/// Where there are no pools.
public struct NoIdentityPools: IdentityPools {
    /// Knows none.
    public init() {}

    /// Nil.
    public func pool(_ pool: Pool) async throws -> IdentityPool? { nil }

    /// Nil.
    public func provider(_ name: ProviderName) async throws -> IdentityProvider? { nil }

    /// False.
    public func isDeleted(_ identity: FederatedIdentity, at now: Date) async throws -> Bool { false }
}
