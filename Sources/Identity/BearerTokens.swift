import Access
import Federation
import FoundationEssentials

/// Tells who calls by the token that they bring: one that was issued here, or one that a service account signed itself.
public struct BearerTokens: Sendable {
    private let tokens: Tokens
    private let selfSigned: SelfSignedTokens
    private let accounts: any ServiceAccountKeys
    private let pools: any IdentityPools

    /// - Parameters:
    ///   - tokens: those that were issued here.
    ///   - selfSigned: judges the others.
    ///   - accounts: the service accounts: whose tokens count depends on their state at the moment.
    ///   - pools: the same of identities that issuers outside vouch for.
    public init(
        tokens: Tokens, selfSigned: SelfSignedTokens, accounts: any ServiceAccountKeys,
        pools: any IdentityPools = NoIdentityPools()
    ) {
        self.tokens = tokens
        self.selfSigned = selfSigned
        self.accounts = accounts
        self.pools = pools
    }

    /// Who calls a service by a token.
    ///
    /// - Parameter service: `batch.googleapis.com`.
    /// - Throws: `BearerError`
    public func verify(_ token: String, for service: String) async throws -> Bearer {
        guard SelfSignedTokens.recognizes(token) else {
            let record = try await issued { try await tokens.verify(token) }
            return Bearer(principal: record.caller, expiresAt: record.expiresAt, delegation: record.delegation)
        }
        do {
            let (account, end) = try await selfSigned.verify(token, for: service)
            return Bearer(principal: .serviceAccount(account.email, uniqueID: account.uniqueID), expiresAt: end)
        } catch let error as SelfSignedError {
            switch error {
            case .expired: throw BearerError.expired
            case .disabledAccount: throw BearerError.accountState
            case .invalid: throw BearerError.unknown
            }
        }
    }

    /// What an access or refresh token that was issued here stands for.
    ///
    /// - Throws: `BearerError`
    public func introspect(_ token: String) async throws -> IssuedToken {
        try await issued { try await tokens.introspect(token) }
    }

    /// A new access token for a refresh token.
    ///
    /// - Parameter scope: OAuth scopes, separated by blanks.
    /// - Throws: `BearerError`
    public func refresh(_ token: String, scope: String) async throws -> AccessToken {
        guard try await introspect(token).kind == .refresh else { throw BearerError.unknown }
        do {
            return try await tokens.refresh(token, scope: scope)
        } catch is TokenError {
            // It has ended since the line before.
            throw BearerError.unknown
        }
    }

    /// The tokens of an account stop while it is disabled, and for good when it is deleted: one of the same address
    /// that is made later is another. Those of a pool's identities stop while the pool is disabled or deleted, or the
    /// identity is.
    private func issued(_ find: () async throws -> IssuedToken) async throws -> IssuedToken {
        let token: IssuedToken
        do {
            token = try await find()
        } catch TokenError.expired {
            throw BearerError.expired
        } catch TokenError.unknown {
            throw BearerError.unknown
        }
        let counts: Bool
        switch token.principal {
        case .user, .unauthenticated: counts = true
        case .serviceAccount(let email, _):
            let account = try await accounts.account(email)
            counts = account.map { !$0.isDisabled && [nil, $0.uniqueID].contains(token.uniqueID) } ?? false
        case .federated(let identity):
            let isActive = try await pools.pool(identity.pool)?.isActive == true
            let isDeleted = try await pools.isDeleted(identity, at: Date())
            counts = isActive && !isDeleted
        }
        guard counts else { throw BearerError.accountState }
        return token
    }
}

/// Whom a token that was found good stands for.
public struct Bearer: Hashable, Sendable {
    /// Who calls.
    public var principal: Principal
    /// When the token ends.
    public var expiresAt: Date
    /// Those who took the token in the principal's name, the first of them first; empty when it got it itself.
    public var delegation: [Principal] = []
}

/// Why a bearer is not let in.
public enum BearerError: Error, Hashable, Sendable {
    /// The token was good once.
    case expired
    /// The service account of the token, or the pool of its identity, is disabled or deleted.
    case accountState
    /// The token is none, or not for this service.
    case unknown
}

extension IssuedToken {
    /// Whom the token stands for: a service account by its unique id too, where the token has it.
    fileprivate var caller: Principal {
        guard case .serviceAccount(let email, _) = principal else { return principal }
        return .serviceAccount(email, uniqueID: uniqueID)
    }
}
