import FoundationEssentials

/// The token endpoint of OAuth 2.0, `POST https://oauth2.googleapis.com/token`: where Google's libraries renew a
/// user's credential.
///
/// Not an API with a table of methods: its requests are forms and its errors are RFC 6749's.
public struct TokenEndpoint: Sendable {
    /// Gives an access token for a refresh token; nil when that is unknown or has ended.
    public typealias Refresh = @Sendable (_ refreshToken: String) async throws -> Grant?

    /// An access token and for how long it is good.
    public struct Grant: Sendable {
        /// The secret itself.
        public var accessToken: String
        /// Seconds.
        public var lifetime: Int

        /// A token that is good for so many seconds.
        public init(accessToken: String, lifetime: Int) {
            self.accessToken = accessToken
            self.lifetime = lifetime
        }
    }

    /// What to answer: an HTTP status and a body of JSON.
    public struct Answer: Sendable, Equatable {
        /// 200 or 400.
        public var status: Int
        /// JSON, as RFC 6749 has it.
        public var body: Data
    }

    /// The longest form that is read, in bytes.
    public static let largestForm = 64 << 10

    private let refresh: Refresh

    /// An endpoint over the tokens of an installation.
    public init(refresh: @escaping Refresh) {
        self.refresh = refresh
    }

    /// Answers a request with this form as its body.
    public func answer(form body: Data) async throws -> Answer {
        guard let form = Form(body) else { return .failure("invalid_request", "The body is not a form.") }
        switch form["grant_type"] {
        case "refresh_token":
            return try await renew(form)
        case let other?:
            return .failure("unsupported_grant_type", "Grant type '\(other.prefix(100))' is not supported yet.")
        case nil:
            return .failure("invalid_request", "Required parameter is missing: grant_type")
        }
    }

    private func renew(_ form: Form) async throws -> Answer {
        guard let token = form["refresh_token"] else {
            return .failure("invalid_request", "Missing required parameter: refresh_token")
        }
        guard let grant = try await refresh(token) else {
            return .failure("invalid_grant", "Token has been expired or revoked.")
        }
        // Libraries check that they were given every scope that they asked for.
        let scope = form["scope"] ?? "https://www.googleapis.com/auth/cloud-platform"
        return .success(grant, scope: scope)
    }
}

extension TokenEndpoint.Answer {
    private struct Success: Encodable {
        let accessToken: String
        let expiresIn: Int
        let scope: String
        let tokenType = "Bearer"
    }

    private struct Failure: Encodable {
        let error: String
        let errorDescription: String
    }

    static func success(_ grant: TokenEndpoint.Grant, scope: String) -> Self {
        encode(200, Success(accessToken: grant.accessToken, expiresIn: grant.lifetime, scope: scope))
    }

    /// An error of RFC 6749, 5.2.
    static func failure(_ error: String, _ description: String) -> Self {
        encode(400, Failure(error: error, errorDescription: description))
    }

    private static func encode(_ status: Int, _ body: some Encodable) -> Self {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Strings and numbers always encode.
        return Self(status: status, body: (try? encoder.encode(body)) ?? Data("{}".utf8))
    }
}
