import FoundationEssentials
import Identity
import OAuth

/// The token endpoint over the installation's tokens.
enum TokenExchange {
    static func endpoint(_ tokens: Tokens) -> TokenEndpoint {
        TokenEndpoint { refreshToken in
            do {
                let token = try await tokens.refresh(refreshToken)
                let lifetime = Int(token.expiresAt.timeIntervalSinceNow.rounded(.down))
                return TokenEndpoint.Grant(accessToken: token.value, lifetime: lifetime)
            } catch is TokenError {
                return nil
            }
        }
    }
}
