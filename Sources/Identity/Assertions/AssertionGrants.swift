import FoundationEssentials

/// Judges what service accounts send to the token endpoint: JWTs of their own that ask for an access token or for an
/// id token (RFC 7523).
public struct AssertionGrants: Sendable {
    private let keys: AccountKeys
    private let audiences: TokenEndpointNames
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - accounts: the accounts and the keys that their users hold.
    ///   - systemKeys: the keys that are held for them.
    ///   - universe: the domain of the private universe.
    ///   - issuer: the address of the installation.
    ///   - now: the clock.
    public init(
        accounts: any ServiceAccountKeys, systemKeys: SystemKeys, universe: String, issuer: String,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        keys = AccountKeys(accounts: accounts, system: systemKeys)
        audiences = TokenEndpointNames(universe: universe, issuer: issuer)
        self.now = now
    }

    /// What an assertion asks for.
    public struct Request: Hashable, Sendable {
        /// Who asks.
        public var account: ServiceAccountIdentity
        /// What for.
        public var wish: Wish
    }

    /// What can be asked for.
    public enum Wish: Hashable, Sendable {
        /// An access token with scopes, separated by blanks.
        case access(scope: String)
        /// An id token for an audience.
        case identity(audience: String)
    }

    /// What an assertion asks for, once it is found good.
    ///
    /// - Throws: `AssertionError`
    public func judge(_ assertion: String) async throws -> Request {
        guard let token = JSONWebToken(assertion) else { throw AssertionError.malformed }
        guard let account = try await keys.account(token.claims.iss) else { throw AssertionError.unknownAccount }
        let time = now()
        guard token.signer(among: try await keys.usable(of: account, at: time)) != nil else {
            throw AssertionError.badSignature
        }
        guard !account.isDisabled else { throw AssertionError.disabledAccount }
        guard token.claims.fault(at: time) == nil else { throw AssertionError.badTimes }
        guard let audience = token.claims.aud, audiences.contains(audience) else { throw AssertionError.badAudience }
        guard [nil, account.email, account.uniqueID].contains(token.claims.sub) else {
            throw AssertionError.otherSubject
        }
        return Request(account: account, wish: try Self.wish(token.claims))
    }

    private static func wish(_ claims: Claims) throws -> Wish {
        if let audience = claims.targetAudience, !audience.isEmpty { return .identity(audience: audience) }
        guard let scope = claims.scope, Scopes.isWellFormed(scope) else { throw AssertionError.noScope }
        return .access(scope: scope)
    }
}

/// Why an assertion is refused.
public enum AssertionError: Error, Hashable, Sendable {
    /// It is no JWT in compact form.
    case malformed
    /// There is no account of its issuer's name.
    case unknownAccount
    /// No key of its issuer's made its signature: none that is there, enabled and in time, with its own algorithm.
    case badSignature
    /// Its issuer is disabled.
    case disabledAccount
    /// It has ended, has not begun, or lasts longer than an hour.
    case badTimes
    /// It is for somebody else.
    case badAudience
    /// It asks in the name of another account or person.
    case otherSubject
    /// It asks for nothing.
    case noScope
}
