import Access
import FoundationEssentials
import Store

/// Access tokens and refresh tokens: issued, kept as digests, recognised and ended.
public final class Tokens: Sendable {
    /// How access tokens begin.
    static let accessPrefix = "ya29.landfall-"
    /// How refresh tokens begin.
    static let refreshPrefix = "1//landfall-"
    /// Longer tokens were not issued here.
    static let maximumLength = 256
    /// For so long after its end a token is still called expired rather than unknown.
    private static let remembered: TimeInterval = 24 * 3600

    let store: any CredentialStore
    private let accessLifetime: TimeInterval
    private let refreshLifetime: TimeInterval
    private let now: @Sendable () -> Date
    let recent = RecentTokens()
    let late: LateTokens

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
        let moment = recent.moment
        try await store.insertToken(record)
        recent.remember(record, since: moment)
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
    ///   - delegation: those who take it in the account's name, the first of them first.
    public func issueAccess(
        for account: ServiceAccountIdentity, scope: String, lifetime: TimeInterval? = nil,
        delegation: [Principal] = []
    ) async throws -> AccessToken {
        var (value, record) = make(.access, for: .serviceAccount(account.email))
        if let lifetime { record.expiresAt = now() + lifetime }
        record.uniqueID = account.uniqueID
        record.scope = scope
        record.delegation = delegation
        recent.remember(record, since: recent.moment)
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
        let moment = recent.moment
        try await store.insertToken(record)
        recent.remember(record, since: moment)
        return AccessToken(value: value, principal: record.principal, expiresAt: record.expiresAt)
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
        recent.forgetAll(endedBefore: time)
    }

    func make(_ kind: TokenRecord.Kind, for principal: Principal) -> (String, TokenRecord) {
        let value = Secret.make(prefix: kind == .access ? Self.accessPrefix : Self.refreshPrefix)
        let end = now() + (kind == .access ? accessLifetime : refreshLifetime)
        return (
            value, TokenRecord(digest: Secret.digest(value), kind: kind, principal: principal, expiresAt: end)
        )
    }

    func find(_ token: String, kind: TokenRecord.Kind, prefix: String) async throws -> TokenRecord {
        guard token.utf8.count <= Self.maximumLength, token.hasPrefix(prefix) else { throw TokenError.unknown }
        let digest = Secret.digest(token)
        if let known = recent[digest] ?? late[digest] { return try current(known, kind) }
        let moment = recent.moment
        guard let stored = try await store.token(digest: digest) else { throw TokenError.unknown }
        let found = try current(stored, kind)
        if kind == .access { recent.remember(found, since: moment) }
        return found
    }

    private func current(_ token: TokenRecord, _ kind: TokenRecord.Kind) throws -> TokenRecord {
        guard token.kind == kind else { throw TokenError.unknown }
        guard token.expiresAt > now() else { throw TokenError.expired }
        return token
    }
}
