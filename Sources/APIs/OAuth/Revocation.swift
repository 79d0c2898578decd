import Identity

/// Ends tokens before their time: `POST https://oauth2.googleapis.com/revoke`, and RFC 7009. Whoever has a token may end
/// it, with the login that it belongs to.
struct Revocation: Sendable {
    let tokens: Tokens

    private struct Revoked: Encodable {}

    /// Answers a request with these fields.
    ///
    /// - Parameter tellsOfUnknown: whether a token that there is not is an error, as at Google's, or as good as ended
    ///   (RFC 7009, 2.2).
    func answer(_ form: Form, tellsOfUnknown: Bool) async throws -> OAuthAnswer {
        guard let token = form["token"], !token.isEmpty else {
            return .failure("invalid_request", "Missing required parameter: token")
        }
        guard !SelfSignedTokens.recognizes(token) else {
            return .failure(
                "unsupported_token_type", "A JWT ends by itself, or with the key that signed it.")
        }
        do {
            try await tokens.revoke(token)
        } catch TokenError.unknown where tellsOfUnknown {
            return .failure("invalid_token", "Token expired or revoked")
        } catch TokenError.unknown {}
        return .success(Revoked())
    }
}
