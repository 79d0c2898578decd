import FoundationEssentials
import Identity
import Methods
import Schema
import SwiftProtobuf

/// Access tokens and id tokens.
struct Issuing: Sendable {
    /// Seconds.
    static let usualLifetime = 3600
    /// Seconds, for the accounts that an organization policy names.
    static let extendedLifetime = 43_200
    /// The longest audience, in bytes.
    private static let longestAudience = 2048

    let delegation: Delegation
    let tokens: Tokens
    let idTokens: IDTokens
    let extensions: any LifetimeExtensions

    func accessToken(
        _ request: Google_Iam_Credentials_V1_GenerateAccessTokenRequest, _ call: Call
    ) async throws -> Google_Iam_Credentials_V1_GenerateAccessTokenResponse {
        let target = try await delegation.target(
            request.name, delegates: request.delegates, "iam.serviceAccounts.getAccessToken", call)
        let scope = request.scope.joined(separator: " ")
        guard Scopes.isWellFormed(scope) else {
            throw ServiceError.invalidArgument(
                "At least one OAuth scope is needed, such as \(Scopes.cloudPlatform).", field: "scope")
        }
        let lifetime = try await lifetime(of: request, for: target.account)
        let token = try await tokens.issueAccess(
            for: target.account, scope: scope, lifetime: lifetime, delegation: target.chain)
        return .with {
            $0.accessToken = token.value
            // Whole seconds: gcloud reads no fractions.
            $0.expireTime = .with { $0.seconds = Int64(token.expiresAt.timeIntervalSince1970) }
        }
    }

    func idToken(
        _ request: Google_Iam_Credentials_V1_GenerateIdTokenRequest, _ call: Call
    ) async throws -> Google_Iam_Credentials_V1_GenerateIdTokenResponse {
        let account = try await delegation.target(
            request.name, delegates: request.delegates, "iam.serviceAccounts.getOpenIdToken", call
        ).account
        guard (1...Self.longestAudience).contains(request.audience.utf8.count) else {
            throw ServiceError.invalidArgument(
                "An audience of at most \(Self.longestAudience) bytes is needed.", field: "audience")
        }
        let token = try await idTokens.issue(
            for: account, audience: request.audience, includesEmail: request.includeEmail)
        return .with { $0.token = token }
    }

    /// In seconds.
    private func lifetime(
        of request: Google_Iam_Credentials_V1_GenerateAccessTokenRequest, for account: ServiceAccountIdentity
    ) async throws -> TimeInterval {
        guard request.hasLifetime else { return TimeInterval(Self.usualLifetime) }
        let wanted = TimeInterval(request.lifetime.seconds) + TimeInterval(request.lifetime.nanos) / 1e9
        guard wanted > 0, wanted <= TimeInterval(Self.extendedLifetime) else {
            throw ServiceError.invalidArgument(
                "The lifetime must be over 0 and at most \(Self.usualLifetime) seconds, or \(Self.extendedLifetime) "
                    + "for accounts in the constraint constraints/iam.allowServiceAccountCredentialLifetimeExtension.",
                field: "lifetime")
        }
        if wanted > TimeInterval(Self.usualLifetime), try await !extensions.areAllowed(for: account) {
            throw ServiceError.invalidArgument(
                "The lifetime must be at most \(Self.usualLifetime) seconds: \(account.email) is not in the constraint "
                    + "constraints/iam.allowServiceAccountCredentialLifetimeExtension.", field: "lifetime")
        }
        return wanted
    }
}
