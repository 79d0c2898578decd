import FoundationEssentials

extension MetadataAnswer {
    /// A token, in the form that its purpose has.
    static func credential(_ credential: Credential, for purpose: TokenCache.Purpose, at time: Date) -> Self {
        guard case .access = purpose else { return .token("application/text", credential.token) }
        let body = AccessTokenBody(
            accessToken: credential.token, expiresIn: max(0, Int(credential.expiresAt.timeIntervalSince(time))))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts and numbers can always be encoded.
        return .token(
            "application/json", (try? encoder.encode(body)).map { String(decoding: $0, as: UTF8.self) } ?? "")
    }

    /// What a task hears that gets no token.
    static func failure(_ error: any Error) -> Self {
        switch error as? CredentialFailure {
        case .refused(let reason): .refusal(403, "Forbidden", reason)
        case .gone(let reason): .refusal(404, "Not Found", reason)
        case .unavailable, nil: .unavailable
        }
    }

    private struct AccessTokenBody: Encodable {
        let accessToken: String
        let expiresIn: Int
        let tokenType = "Bearer"

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case expiresIn = "expires_in"
            case tokenType = "token_type"
        }
    }
}
