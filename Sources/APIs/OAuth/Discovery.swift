/// What an OpenID Connect provider says of itself (OpenID Connect Discovery, 3): how verifiers of id tokens find the
/// keys.
struct Discovery: Encodable, Sendable {
    let issuer: String
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let revocationEndpoint: String
    let introspectionEndpoint: String
    let jwksURI: String
    let responseTypesSupported = ["code"]
    let grantTypesSupported = ["authorization_code", "refresh_token", TokenEndpoint.jwtBearer]
    let codeChallengeMethodsSupported = ["S256"]
    let subjectTypesSupported = ["public"]
    let idTokenSigningAlgValuesSupported = ["RS256"]
    let claimsSupported = ["aud", "azp", "email", "email_verified", "exp", "iat", "iss", "sub"]

    /// - Parameter issuer: a URL without a slash at the end.
    init(issuer: String) {
        self.issuer = issuer
        authorizationEndpoint = issuer + "/authorize"
        tokenEndpoint = issuer + "/token"
        revocationEndpoint = issuer + "/revoke"
        introspectionEndpoint = issuer + "/v1/introspect"
        jwksURI = issuer + "/oauth2/v3/certs"
    }
}
