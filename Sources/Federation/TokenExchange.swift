import Access
import FoundationEssentials

/// Tells for whom a token of an issuer outside stands: what the Security Token Service exchanges it by.
public struct TokenExchange: Sendable {
    /// Whom a token stands for, and until when.
    public struct Result: Hashable, Sendable {
        /// Who.
        public var identity: FederatedIdentity
        /// When the token ends that is issued for it.
        public var expiresAt: Date
    }

    private let pools: any IdentityPools
    private let keys: IssuerKeys
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - pools: which issuers are trusted, by whom, and for what.
    ///   - keys: those that issuers publish.
    ///   - now: the clock.
    public init(pools: any IdentityPools, keys: IssuerKeys, now: @escaping @Sendable () -> Date = { Date() }) {
        self.pools = pools
        self.keys = keys
        self.now = now
    }

    /// Whom a token stands for.
    ///
    /// - Parameter name: the provider that it is exchanged by.
    /// - Throws: `TokenExchangeError`
    public func identity(of token: String, by name: ProviderName) async throws -> Result {
        guard let pool = try await pools.pool(name.pool), pool.isActive, let provider = try await pools.provider(name),
            provider.isActive, provider.name == name
        else { throw TokenExchangeError.noTarget }
        let time = now()
        let subject: SubjectToken
        do throws(SubjectTokenError) {
            subject = try await SubjectToken(token, of: provider, keys: keys, at: time)
        } catch {
            throw TokenExchangeError.token(error)
        }
        let identity: FederatedIdentity
        do throws(MappingError) {
            identity = try AttributeMapping(provider: provider).identity(of: subject.claims)
        } catch {
            throw TokenExchangeError.mapping(error)
        }
        guard try await !pools.isDeleted(identity, at: time) else { throw TokenExchangeError.deletedSubject }
        return Result(identity: identity, expiresAt: pool.sessionEnd(from: time, for: subject.expiresAt))
    }
}

/// Why a token is not exchanged.
public enum TokenExchangeError: Error, Hashable, Sendable {
    /// The provider or its pool is not there, disabled or deleted.
    case noTarget
    /// The token is refused.
    case token(SubjectTokenError)
    /// The token is good, and stands for nobody.
    case mapping(MappingError)
    /// The token stands for somebody who was deleted.
    case deletedSubject
}
