import FoundationEssentials

/// Id tokens of service accounts: JWTs by which any service can tell who calls it (OpenID Connect).
public struct IDTokens: Sendable {
    /// Seconds that an id token is good for.
    static let lifetime: TimeInterval = 3600

    /// What the tokens say under `iss`: the address of this installation, below which its keys are found.
    public let issuer: String
    private let keys: SystemKeys
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - issuer: a URL without a slash at the end.
    ///   - keys: sign the tokens.
    ///   - now: the clock.
    public init(issuer: String, keys: SystemKeys, now: @escaping @Sendable () -> Date = { Date() }) {
        self.issuer = issuer
        self.keys = keys
        self.now = now
    }

    /// A new id token.
    ///
    /// - Parameters:
    ///   - audience: for whom it is.
    ///   - includesEmail: whether it names the account's address too.
    public func issue(
        for account: ServiceAccountIdentity, audience: String, includesEmail: Bool
    ) async throws -> String {
        let time = Int(now().timeIntervalSince1970)
        let claims = IDClaims(
            iss: issuer, sub: account.uniqueID, azp: account.uniqueID, aud: audience, iat: time,
            exp: time + Int(Self.lifetime), email: includesEmail ? account.email : nil,
            emailVerified: includesEmail ? true : nil)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try JSONWebToken.sign(encoder.encode(claims), with: await keys.signingKey(of: SystemKeys.issuer))
    }

    /// The keys that the tokens are verified with.
    public func publicKeys() async throws -> [PublicKey] { try await keys.publicKeys(of: SystemKeys.issuer) }

    /// What an id token says; nil when it is not this installation's, or has ended.
    public func claims(of token: String) async throws -> IDClaims? {
        let time = now()
        guard let parsed = JSONWebToken(token), parsed.claims.iss == issuer, parsed.claims.fault(at: time) == nil,
            parsed.signer(among: try await publicKeys().filter { $0.isUsable(at: time) }) != nil
        else { return nil }
        return try JSONDecoder().decode(IDClaims.self, from: parsed.payload)
    }
}

/// What an id token of a service account says.
public struct IDClaims: Codable, Hashable, Sendable {
    /// Who issued it.
    public var iss: String
    /// The account's unique id.
    public var sub: String
    /// The same.
    public var azp: String
    /// For whom it is.
    public var aud: String
    /// When it begins, in seconds since 1970.
    public var iat: Int
    /// When it ends, in seconds since 1970.
    public var exp: Int
    /// The account's address.
    public var email: String?
    /// Whether the address is known to be the account's.
    public var emailVerified: Bool?

    private enum CodingKeys: String, CodingKey {
        case iss, sub, azp, aud, iat, exp, email
        case emailVerified = "email_verified"
    }
}
