import Access
import FoundationEssentials
import Store

/// Logins: each a refresh token, and the access tokens that it gave, which end together.
extension Tokens {
    /// A new refresh token: the beginning of a login, which lasts until the token ends or is revoked.
    ///
    /// - Parameters:
    ///   - uniqueID: of a service account.
    ///   - scope: OAuth scopes, separated by blanks; empty for no limit.
    ///   - client: what the program calls itself that a person has signed in.
    public func issueRefresh(
        for principal: Principal, uniqueID: String? = nil, scope: String = "", client: String? = nil
    ) async throws -> String {
        var (value, record) = make(.refresh, for: principal)
        record.uniqueID = uniqueID
        record.scope = scope
        record.client = client
        try await store.insertToken(record)
        return value
    }

    /// A new access token for a refresh token, which stays good until its own end.
    ///
    /// - Parameter scope: OAuth scopes, separated by blanks; nil for those of the refresh token.
    /// - Throws: `TokenError`
    public func refresh(_ token: String, scope: String? = nil) async throws -> AccessToken {
        let login = try await find(token, kind: .refresh, prefix: Self.refreshPrefix)
        var (value, record) = make(.access, for: login.principal)
        record.uniqueID = login.uniqueID
        record.scope = scope ?? login.scope
        record.login = login.digest
        record.client = login.client
        let moment = recent.moment
        do {
            try await store.insertToken(record)
        } catch StoreError.conflict {
            // Revoked meanwhile.
            throw TokenError.unknown
        }
        recent.remember(record, since: moment)
        return AccessToken(value: value, principal: record.principal, expiresAt: record.expiresAt)
    }

    /// Ends a token and, when it belongs to a login, the refresh token and all access tokens of that. They are unknown
    /// to every call after this one has returned.
    ///
    /// - Throws: `TokenError.unknown` for a token that there is not.
    public func revoke(_ token: String) async throws {
        guard token.utf8.count <= Self.maximumLength,
            [Self.accessPrefix, Self.refreshPrefix].contains(where: token.hasPrefix)
        else { throw TokenError.unknown }
        let digest = Secret.digest(token)
        // Or it would be written after its removal.
        await late.settle(digest)
        let removed = try await store.deleteTokens(with: digest)
        recent.forget(removed.union([digest]))
        if removed.isEmpty { throw TokenError.unknown }
    }

    /// Ends every login of a principal.
    ///
    /// - Returns: how many there were.
    public func endLogins(of principal: Principal) async throws -> Int {
        let count = try await store.deleteLogins(of: principal)
        recent.forgetAll()
        return count
    }
}
