import Federation
import FoundationEssentials
import Identity

/// What answers at the paths of OAuth and OpenID Connect: tokens, what they stand for, and the keys to verify them.
public struct OAuthService: Sendable {
    /// The longest form that is read, in bytes.
    public static let largestForm = 64 << 10

    /// The provider that login configurations name for the people of the installation.
    public static let peopleProvider = AuthorizationQuery.provider

    private let authorization: AuthorizationEndpoint
    private let tokens: TokenEndpoint
    private let securityTokens: SecurityTokenEndpoint
    private let introspection: Introspection
    private let revocation: Revocation
    private let keys: PublishedKeys
    private let issuer: String

    /// A service over the tokens and keys of an installation.
    ///
    /// - Parameters:
    ///   - tokens: access and refresh tokens.
    ///   - bearers: which of them count.
    ///   - assertions: what service accounts ask for with their keys.
    ///   - idTokens: id tokens, and their issuer.
    ///   - accounts: the service accounts with the keys that users hold.
    ///   - systemKeys: the keys that are held for them.
    ///   - exchange: for whom tokens of issuers outside stand.
    ///   - signIns: people who sign in with a browser.
    ///   - universe: the domain of the private universe.
    public init(
        tokens: Tokens, bearers: BearerTokens, assertions: AssertionGrants, idTokens: IDTokens,
        accounts: any ServiceAccountKeys, systemKeys: SystemKeys, exchange: TokenExchange,
        signIns: SignIns, universe: String
    ) {
        authorization = AuthorizationEndpoint(signIns: signIns, reader: AuthorizationQuery(universe: universe))
        self.tokens = TokenEndpoint(
            bearers: bearers, tokens: tokens, assertions: assertions, idTokens: idTokens, signIns: signIns)
        securityTokens = SecurityTokenEndpoint(exchange: exchange, tokens: tokens)
        introspection = Introspection(bearers: bearers, idTokens: idTokens)
        revocation = Revocation(tokens: tokens)
        keys = PublishedKeys(idTokens: idTokens, accounts: accounts, systemKeys: systemKeys)
        issuer = idTokens.issuer
    }

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - query: the query of its URL, not decoded.
    ///   - body: its body, at most `largestForm` bytes.
    ///   - isJSON: whether the body says of itself that it is JSON, and no form.
    public func answer(
        _ route: OAuthRoute, query: String, body: Data, isJSON: Bool = false
    ) async throws -> OAuthAnswer {
        switch route {
        case .authorization: return await authorization.begin(query: query)
        case .signIn(let page): return await authorization.page(page)
        case .token: return try await tokens.answer(form: body)
        case .securityToken:
            guard let form = isJSON ? Form(json: body) : Form(body) else { return .unreadable }
            return try await securityTokens.answer(form)
        case .tokenInfo:
            guard let form = Form(query: query, body) else { return .noForm }
            return try await introspection.tokenInfo(form)
        case .introspection:
            guard let form = isJSON ? Form(json: body) : Form(body) else { return .unreadable }
            return try await introspection.introspect(form)
        case .revocation:
            // gcloud puts the token into the query.
            guard let form = Form(query: query, body) else { return .noForm }
            return try await revocation.answer(form, tellsOfUnknown: true)
        case .securityTokenRevocation:
            guard let form = isJSON ? Form(json: body) : Form(body) else { return .unreadable }
            return try await revocation.answer(form, tellsOfUnknown: false)
        case .discovery: return .success(Discovery(issuer: issuer), isPublic: true)
        case .issuerKeys: return try await keys.ofIssuer(as: .jwk)
        case .issuerCertificates: return try await keys.ofIssuer(as: .x509)
        case .accountKeys(let account): return try await keys.ofAccount(account, as: .jwk)
        case .accountCertificates(let account): return try await keys.ofAccount(account, as: .x509)
        case .accountNumbers(let account): return try await keys.ofAccount(account, as: .raw)
        }
    }
}
