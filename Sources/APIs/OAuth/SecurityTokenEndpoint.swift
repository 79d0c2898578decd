import Federation
import FoundationEssentials
import Identity

/// The Security Token Service, `POST https://sts.googleapis.com/v1/token`: gives an access token for a token of an
/// issuer outside (RFC 8693).
struct SecurityTokenEndpoint: Sendable {
    private static let grant = "urn:ietf:params:oauth:grant-type:token-exchange"
    private static let accessToken = "urn:ietf:params:oauth:token-type:access_token"
    private static let subjectTokenTypes: Set = [
        "urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token",
    ]

    let exchange: TokenExchange
    let tokens: Tokens

    private struct Granted: Encodable {
        let accessToken: String
        let issuedTokenType = SecurityTokenEndpoint.accessToken
        let tokenType = "Bearer"
        let expiresIn: Int
    }

    /// Answers a request with these fields.
    func answer(_ form: Form) async throws -> OAuthAnswer {
        for name in ["grant_type", "audience", "requested_token_type", "subject_token", "subject_token_type"]
        where form[name, default: ""].isEmpty {
            return .failure("invalid_request", "Required parameter is missing: \(name)")
        }
        if let refusal = Self.refusal(of: form) { return refusal }
        guard let provider = ProviderName(fullName: form["audience", default: ""]) else { return .badAudience }
        let scope = form["scope", default: ""]
        guard Scopes.isWellFormed(scope) else {
            return .failure("invalid_scope", "At least one OAuth scope is needed, such as \(Scopes.cloudPlatform).")
        }
        do {
            let result = try await exchange.identity(of: form["subject_token", default: ""], by: provider)
            let token = try await tokens.issueAccess(for: result.identity, scope: scope, until: result.expiresAt)
            let seconds = Int(token.expiresAt.timeIntervalSinceNow.rounded(.down))
            return .success(Granted(accessToken: token.value, expiresIn: max(0, seconds)))
        } catch let error as TokenExchangeError {
            return .refusal(error)
        }
    }

    /// Why a request asks for something else than what is done here; nil when it does not.
    private static func refusal(of form: Form) -> OAuthAnswer? {
        guard form["grant_type"] == grant else {
            return .failure("unsupported_grant_type", "The grant type must be \(grant).")
        }
        guard form["requested_token_type"] == accessToken else {
            return .failure("invalid_request", "The requested token type must be \(accessToken).")
        }
        guard let type = form["subject_token_type"], subjectTokenTypes.contains(type) else {
            return .failure(
                "invalid_request",
                "The subject token's type must be \(subjectTokenTypes.sorted().joined(separator: " or ")).")
        }
        // A token without the boundary that was asked for would allow more than its bearer wanted.
        guard !asksForBoundary(form["options", default: ""]) else {
            return .failure("invalid_request", "Credential access boundaries are not supported.")
        }
        return nil
    }

    /// Whether the options, which some clients encode once more, are other than those without which a token is as good.
    private static func asksForBoundary(_ options: String) -> Bool {
        struct Options: Decodable {
            let accessBoundary: Present?
        }
        struct Present: Decodable {
            init(from decoder: any Decoder) {}
        }
        guard !options.isEmpty else { return false }
        let texts = [options, options.removingPercentEncoding ?? options]
        let read = texts.lazy.compactMap { try? JSONDecoder().decode(Options.self, from: Data($0.utf8)) }.first
        return read.map { $0.accessBoundary != nil } ?? true
    }
}

extension OAuthAnswer {
    fileprivate static let badAudience = failure(
        "invalid_request",
        "Invalid value for \"audience\". This value should be the full resource name of the Identity Provider. See "
            + "https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the list of possible formats."
    )

    /// The words that clients know from Google's service.
    fileprivate static func refusal(_ error: TokenExchangeError) -> Self {
        switch error {
        case .noTarget:
            failure(
                "invalid_target",
                "The target service indicated by the \"audience\" parameters is invalid. This might either be because the "
                    + "pool or provider is disabled or deleted or because it doesn't exist.")
        case .token(let error): refusal(error)
        case .mapping(let error): refusal(error)
        case .deletedSubject: failure("invalid_grant", "The subject of the given credential has been deleted.")
        }
    }

    private static func refusal(_ error: SubjectTokenError) -> Self {
        switch error {
        case .malformed:
            failure("invalid_grant", "Unable to parse the ID Token.")
        case .unknownKey:
            failure("invalid_grant", "Error connecting to the given credential's issuer.")
        case .badSignature:
            failure("invalid_grant", "Unable to verify the ID Token signature.")
        case .wrongIssuer(let issuer):
            failure(
                "invalid_grant",
                "The issuer in ID Token \(issuer?.prefix(200) ?? "null") does not match the expected one in config.")
        case .wrongAudience(let audiences):
            failure(
                "invalid_grant",
                "The audience in ID Token [\(audiences.joined(separator: ", ").prefix(200))] does not match the expected "
                    + "audience.")
        case .stale(let begin):
            failure(
                "invalid_grant",
                "ID Token issued at \(begin.flatMap { Int64(exactly: $0.rounded(.down)) }.map(String.init) ?? "null") is "
                    + "stale to sign-in.")
        }
    }

    private static func refusal(_ error: MappingError) -> Self {
        switch error {
        case .conditionNotMet:
            failure("unauthorized_client", "The given credential is rejected by the attribute condition.")
        case .noSubject:
            failure("invalid_grant", "The attribute mapping gives no google.subject for the given credential.")
        case .subjectTooLong:
            failure(
                "invalid_request",
                "The size of mapped attribute google.subject exceeds the 127 bytes limit. Either modify your attribute "
                    + "mapping or the incoming assertion to produce a mapped attribute that is less than 127 bytes.")
        case .tooLarge(let limit):
            failure("invalid_request", "The size of all mapped attributes exceeds the \(limit) bytes limit.")
        case .notEvaluable(let attribute):
            failure(
                "invalid_grant", "The attribute mapping of \(attribute) gives no text for the given credential.")
        }
    }
}
