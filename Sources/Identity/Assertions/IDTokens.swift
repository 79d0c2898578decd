import FoundationEssentials

/// Id tokens of service accounts, and of people who sign a program in: JWTs by which any service can tell who they are
/// (OpenID Connect).
public struct IDTokens: Sendable {
    /// Seconds that an id token is good for.
    public static let lifetime: TimeInterval = 3600

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
    ///   - machine: where the bearer runs, if that is to be told.
    public func issue(
        for account: ServiceAccountIdentity, audience: String, includesEmail: Bool, machine: IDClaims.Machine? = nil
    ) async throws -> String {
        let id = account.uniqueID
        return try await sign(
            subject: id, party: id, audience: audience, email: includesEmail ? account.email : nil, machine: machine)
    }

    /// A new id token of a person, for the program that they have signed in.
    ///
    /// - Parameters:
    ///   - email: the person's address, which is what an installation knows people by.
    ///   - client: what the program calls itself.
    public func issue(forPerson email: String, client: String) async throws -> String {
        try await sign(subject: email, party: client, audience: client, email: email)
    }

    private func sign(
        subject: String, party: String, audience: String, email: String?, machine: IDClaims.Machine? = nil
    ) async throws -> String {
        let time = Int(now().timeIntervalSince1970)
        let claims = IDClaims(
            iss: issuer, sub: subject, azp: party, aud: audience, iat: time, exp: time + Int(Self.lifetime),
            email: email, emailVerified: email.map { _ in true }, google: machine.map(IDClaims.Google.init))
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

/// What an id token says.
public struct IDClaims: Codable, Hashable, Sendable {
    /// Who issued it.
    public var iss: String
    /// The unique id of a service account, the address of a person.
    public var sub: String
    /// The same unique id, or the program that the person has signed in.
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
    /// What Google alone says.
    public var google: Google?

    private enum CodingKeys: String, CodingKey {
        case iss, sub, azp, aud, iat, exp, email, google
        case emailVerified = "email_verified"
    }
}
