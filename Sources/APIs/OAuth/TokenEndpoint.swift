import Access
import FoundationEssentials
import Identity

/// The token endpoint of OAuth 2.0, `POST https://oauth2.googleapis.com/token`: where Google's libraries renew a
/// person's credential, and get access tokens and id tokens for the key of a service account.
///
/// Not an API with a table of methods: its requests are forms and its errors are RFC 6749's.
struct TokenEndpoint: Sendable {
    /// The grant type of RFC 7523.
    static let jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

    let bearers: BearerTokens
    let tokens: Tokens
    let assertions: AssertionGrants
    let idTokens: IDTokens
    let signIns: SignIns

    /// Answers a request with this form as its body.
    func answer(form body: Data) async throws -> OAuthAnswer {
        guard let form = Form(body) else { return .failure("invalid_request", "The body is not a form.") }
        switch form["grant_type"] {
        case "authorization_code":
            return try await redeem(form)
        case "refresh_token":
            return try await renew(form)
        case Self.jwtBearer:
            return try await exchange(form)
        case let other?:
            return .failure("unsupported_grant_type", "Grant type '\(other.prefix(100))' is not supported.")
        case nil:
            return .failure("invalid_request", "Required parameter is missing: grant_type")
        }
    }

    private struct Granted: Encodable {
        let accessToken: String
        let expiresIn: Int
        var scope: String?
        var refreshToken: String?
        var idToken: String?
        let tokenType = "Bearer"

        /// Libraries take a token for ended when its last second has begun.
        init(_ token: AccessToken, scope: String? = nil) {
            accessToken = token.value
            expiresIn = Int(token.expiresAt.timeIntervalSinceNow.rounded(.down))
            self.scope = scope
        }
    }

    private struct Identified: Encodable {
        let idToken: String
    }

    private func redeem(_ form: Form) async throws -> OAuthAnswer {
        for name in ["code", "redirect_uri", "code_verifier"] where form[name, default: ""].isEmpty {
            return .failure("invalid_request", "Missing required parameter: \(name)")
        }
        do {
            let signIn = try await signIns.redeem(
                form["code", default: ""], verifier: form["code_verifier", default: ""],
                redirectURI: form["redirect_uri", default: ""], client: form["client_id"])
            let (principal, request) = (signIn.principal, signIn.request)
            let refresh = try await tokens.issueRefresh(
                for: principal, scope: request.scope, client: request.client)
            var granted = Granted(try await tokens.refresh(refresh), scope: request.scope)
            granted.refreshToken = refresh
            granted.idToken = try await identity(of: principal, scope: request.scope, client: request.client)
            return .success(granted)
        } catch let error as SignInError {
            return .failure(
                "invalid_grant",
                error == .otherProgram
                    ? "The code was given to another program: its verifier, its address or its client id is another."
                    : "The code is unknown, has been used, or has ended.")
        }
    }

    private func renew(_ form: Form) async throws -> OAuthAnswer {
        guard let token = form["refresh_token"] else {
            return .failure("invalid_request", "Missing required parameter: refresh_token")
        }
        do {
            let login = try await bearers.introspect(token)
            // Libraries check that they were given every scope that they asked for.
            guard let scope = Scopes.narrowed(login.scope, to: form["scope"]) else {
                return .failure("invalid_scope", "None of the scopes was granted to the token.")
            }
            var granted = Granted(try await bearers.refresh(token, scope: scope), scope: scope)
            granted.idToken = try await identity(of: login.principal, scope: scope, client: login.client)
            return .success(granted)
        } catch is BearerError {
            return .failure("invalid_grant", "Token has been expired or revoked.")
        }
    }

    /// The id token of a person who has signed a program in, where that asked for one (OpenID Connect Core, 3.1.2.1). It
    /// is for the program alone that the person signed in.
    private func identity(of principal: Principal, scope: String, client: String?) async throws -> String? {
        guard case .user(let email) = principal, let client, scope.split(separator: " ").contains("openid") else {
            return nil
        }
        return try await idTokens.issue(forPerson: email, client: client)
    }

    private func exchange(_ form: Form) async throws -> OAuthAnswer {
        guard let assertion = form["assertion"] else {
            return .failure("invalid_request", "Missing required parameter: assertion")
        }
        do {
            let request = try await assertions.judge(assertion)
            switch request.wish {
            case .access(let scope):
                return .success(Granted(try await tokens.issueAccess(for: request.account, scope: scope)))
            case .identity(let audience):
                let token = try await idTokens.issue(for: request.account, audience: audience, includesEmail: true)
                return .success(Identified(idToken: token))
            }
        } catch let error as AssertionError {
            return .refusal(error)
        }
    }
}

extension OAuthAnswer {
    /// The words that clients know from Google's endpoint.
    fileprivate static func refusal(_ error: AssertionError) -> Self {
        switch error {
        case .malformed:
            .failure("invalid_grant", "Invalid JWT: the assertion is not a JWT in compact form.")
        case .unknownAccount:
            .failure("invalid_grant", "Invalid grant: account not found")
        case .badSignature:
            .failure("invalid_grant", "Invalid JWT Signature.")
        case .disabledAccount:
            .failure("disabled_client", "The OAuth client was disabled.", status: 401)
        case .badTimes:
            .failure(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your "
                    + "iat and exp values in the JWT claim.")
        case .badAudience:
            .failure(
                "invalid_grant",
                "Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token")
        case .otherSubject:
            .failure(
                "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any "
                    + "of the scopes requested.", status: 401)
        case .noScope:
            .failure("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        }
    }
}
