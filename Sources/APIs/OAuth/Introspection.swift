import Access
import FoundationEssentials
import Identity

/// Says what a token stands for: Google's `tokeninfo`, and RFC 7662. Whoever has a token may ask.
struct Introspection: Sendable {
    /// What other tokens of people say that they were issued to: no client of Google's.
    private static let personsClient = "landfall"

    let bearers: BearerTokens
    let idTokens: IDTokens

    /// Answers `tokeninfo`; numbers and truth values are strings, as Google's are.
    func tokenInfo(_ form: Form) async throws -> OAuthAnswer {
        if let token = form["id_token"] {
            guard let claims = try await idTokens.claims(of: token) else { return Self.invalid }
            return .success(Self.fields(claims))
        }
        guard let token = form["access_token"] else {
            return .failure("invalid_request", "Either access_token or id_token required.")
        }
        do {
            let found = try await bearers.introspect(token)
            // Of identities that issuers outside vouch for the other form tells alone.
            if case .federated = found.principal { return Self.invalid }
            guard found.kind == .access else { return Self.invalid }
            return .success(Self.fields(found))
        } catch is BearerError {
            return Self.invalid
        }
    }

    private struct Active: Encodable {
        var active = true
        let scope: String
        let clientID: String
        let username: String
        let sub: String
        let exp: Int
        let tokenType: String?
    }

    private struct Inactive: Encodable {
        let active = false
    }

    /// Answers an introspection of RFC 7662.
    func introspect(_ form: Form) async throws -> OAuthAnswer {
        guard let token = form["token"] else {
            return .failure("invalid_request", "Missing required parameter: token")
        }
        do {
            let found = try await bearers.introspect(token)
            let client = Self.client(found)
            return .success(
                Active(
                    scope: Self.scope(found), clientID: client, username: found.principal.name,
                    sub: found.uniqueID ?? found.principal.name, exp: Int(found.expiresAt.timeIntervalSince1970),
                    tokenType: found.kind == .access ? "Bearer" : nil))
        } catch is BearerError {
            return .success(Inactive())
        }
    }

    private static let invalid = OAuthAnswer.failure("invalid_token", "Invalid Value")

    private static func scope(_ token: IssuedToken) -> String {
        token.scope.isEmpty ? Scopes.cloudPlatform : token.scope
    }

    private static func client(_ token: IssuedToken) -> String { token.uniqueID ?? token.client ?? personsClient }

    private static func fields(_ token: IssuedToken) -> [String: String] {
        let client = client(token)
        var fields = [
            "azp": client, "aud": client, "scope": scope(token),
            "exp": String(Int(token.expiresAt.timeIntervalSince1970)),
            "expires_in": String(Int(token.expiresAt.timeIntervalSinceNow.rounded(.down))),
            "access_type": "online",
        ]
        if let email = token.principal.email {
            fields["email"] = email
            fields["email_verified"] = "true"
        }
        return fields
    }

    private static func fields(_ claims: IDClaims) -> [String: String] {
        var fields = [
            "iss": claims.iss, "sub": claims.sub, "azp": claims.azp, "aud": claims.aud, "iat": String(claims.iat),
            "exp": String(claims.exp), "alg": "RS256", "typ": "JWT",
        ]
        fields["email"] = claims.email
        fields["email_verified"] = claims.emailVerified.map { String($0) }
        return fields
    }
}
