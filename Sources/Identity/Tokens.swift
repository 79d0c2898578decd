import Access
import FoundationEssentials
import Store
import Synchronization

/// Access tokens and refresh tokens: issued, kept as digests, recognised and ended.
public final class Tokens: Sendable {
    /// How access tokens begin.
    static let accessPrefix = "ya29.landfall-"
    /// How refresh tokens begin.
    static let refreshPrefix = "1//landfall-"
    /// Longer tokens were not issued here.
    private static let maximumLength = 256
    /// At most this many tokens are recognised without a look at the disk: then all are forgotten.
    private static let cacheCapacity = 4096
    /// For so long after its end a token is still called expired rather than unknown.
    private static let remembered: TimeInterval = 24 * 3600

    private let store: any CredentialStore
    private let accessLifetime: TimeInterval
    private let refreshLifetime: TimeInterval
    private let now: @Sendable () -> Date
    private let recent = Mutex<[Data: TokenRecord]>([:])
    private let late: LateTokens

    /// Makes the tokens of an installation.
    ///
    /// - Parameters:
    ///   - store: where the digests are kept.
    ///   - accessLifetime: seconds that an access token is good for.
    ///   - refreshLifetime: seconds that a refresh token is good for.
    ///   - now: the clock.
    public init(
        store: any CredentialStore, accessLifetime: TimeInterval = 3600, refreshLifetime: TimeInterval = 90 * 24 * 3600,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        late = LateTokens(store: store)
        self.accessLifetime = accessLifetime
        self.refreshLifetime = refreshLifetime
        self.now = now
    }

    /// A new access token.
    ///
    /// - Parameter uniqueID: of a service account.
    public func issueAccess(for principal: Principal, uniqueID: String? = nil) async throws -> AccessToken {
        var (value, record) = make(.access, for: principal)
        record.uniqueID = uniqueID
        try await store.insertToken(record)
        remember(record)
        return AccessToken(value: value, principal: principal, expiresAt: record.expiresAt)
    }

    /// A new access token of a service account, which ends with the account.
    ///
    /// It is good at once and on disk a moment later. If the server dies within that moment the token is unknown
    /// afterwards, and clients ask for another, as at its end.
    ///
    /// - Parameters:
    ///   - scope: OAuth scopes, separated by blanks.
    ///   - lifetime: seconds; nil for the usual.
    public func issueAccess(
        for account: ServiceAccountIdentity, scope: String, lifetime: TimeInterval? = nil
    ) async throws -> AccessToken {
        var (value, record) = make(.access, for: .serviceAccount(account.email))
        if let lifetime { record.expiresAt = now() + lifetime }
        record.uniqueID = account.uniqueID
        record.scope = scope
        remember(record)
        try await late.write(record)
        return AccessToken(value: value, principal: record.principal, expiresAt: record.expiresAt)
    }

    /// A new access token of an identity of a pool.
    ///
    /// - Parameters:
    ///   - scope: OAuth scopes, separated by blanks.
    ///   - end: when it ends.
    public func issueAccess(
        for identity: FederatedIdentity, scope: String, until end: Date
    ) async throws -> AccessToken {
        var (value, record) = make(.access, for: .federated(identity))
        record.expiresAt = end
        record.scope = scope
        try await store.insertToken(record)
        remember(record)
        return AccessToken(value: value, principal: record.principal, expiresAt: record.expiresAt)
    }

    /// A new refresh token.
    ///
    /// - Parameter uniqueID: of a service account.
    public func issueRefresh(for principal: Principal, uniqueID: String? = nil) async throws -> String {
        var (value, record) = make(.refresh, for: principal)
        record.uniqueID = uniqueID
        try await store.insertToken(record)
        return value
    }

    /// Whom an access token stands for, and until when.
    ///
    /// - Throws: `TokenError`
    public func verify(_ token: String) async throws -> TokenRecord {
        try await find(token, kind: .access, prefix: Self.accessPrefix)
    }

    /// What an access or refresh token stands for.
    ///
    /// - Throws: `TokenError`
    public func introspect(_ token: String) async throws -> TokenRecord {
        if token.hasPrefix(Self.refreshPrefix) {
            return try await find(token, kind: .refresh, prefix: Self.refreshPrefix)
        }
        return try await verify(token)
    }

    /// A new access token for a refresh token, which stays good until its own end.
    ///
    /// - Throws: `TokenError`
    public func refresh(_ token: String) async throws -> AccessToken {
        let record = try await find(token, kind: .refresh, prefix: Self.refreshPrefix)
        return try await issueAccess(for: record.principal, uniqueID: record.uniqueID)
    }

    /// Waits until the tokens that were issued are on disk, for two seconds at most.
    public func settle() async { await late.settle() }

    /// Removes tokens that ended long ago, at once and then every hour, until its task is cancelled.
    ///
    /// - Parameter failed: told of each purge that did not work; the next one tries again.
    public func purgeRegularly(failed: @Sendable (any Error) -> Void) async {
        while !Task.isCancelled {
            do { try await purge() } catch { failed(error) }
            try? await Task.sleep(for: .seconds(3600))
        }
    }

    /// Removes tokens that ended more than a day ago.
    func purge() async throws {
        let time = now()
        try await store.deleteTokens(expiredBefore: time - Self.remembered)
        recent.withLock { recent in recent = recent.filter { $0.value.expiresAt >= time } }
    }

    private func make(_ kind: TokenRecord.Kind, for principal: Principal) -> (String, TokenRecord) {
        let value = Secret.make(prefix: kind == .access ? Self.accessPrefix : Self.refreshPrefix)
        let end = now() + (kind == .access ? accessLifetime : refreshLifetime)
        return (
            value, TokenRecord(digest: Secret.digest(value), kind: kind, principal: principal, expiresAt: end)
        )
    }

    private func find(_ token: String, kind: TokenRecord.Kind, prefix: String) async throws -> TokenRecord {
        guard token.utf8.count <= Self.maximumLength, token.hasPrefix(prefix) else { throw TokenError.unknown }
        let digest = Secret.digest(token)
        let cached = recent.withLock { $0[digest] } ?? late[digest]
        let found = if let cached { cached } else { try await store.token(digest: digest) }
        guard let found, found.kind == kind else { throw TokenError.unknown }
        guard found.expiresAt > now() else { throw TokenError.expired }
        if cached == nil, kind == .access { remember(found) }
        return found
    }

    private func remember(_ record: TokenRecord) {
        recent.withLock { recent in
            if recent.count >= Self.cacheCapacity { recent = [:] }
            recent[record.digest] = record
        }
    }
}

/// What is known of a token that was issued here.
public typealias IssuedToken = TokenRecord

/// An access token as its bearer gets it.
public struct AccessToken: Hashable, Sendable {
    /// The secret itself.
    public var value: String
    /// Whom it stands for.
    public var principal: Principal
    /// When it ends.
    public var expiresAt: Date
}

/// Why a token is not accepted.
public enum TokenError: Error, Hashable, Sendable {
    /// It was good once.
    case expired
    /// It was never issued here, or is of the wrong kind.
    case unknown
}
