import FoundationEssentials
import GRPCCore
import Metadata
import Schema
import SwiftProtobuf
import Workload

/// What the server gives out in the name of one attempt. It looks at each request anew: whether the attempt runs here,
/// whether its account may still be used.
struct TaskCredentials: CredentialSource {
    let line: ServerLine
    /// The agent's.
    let incarnation: String
    let attempt: AttemptID

    func accessToken(scopes: [String]) async throws -> Credential {
        let token: Landfall_Agent_V1_AccessToken = try await ask("GetAccessToken") {
            Landfall_Agent_V1_GetAccessTokenRequest.with {
                $0.caller = caller
                $0.scopes = scopes
            }
        }
        return Credential(token: token.token, expiresAt: token.expires.date)
    }

    func identityToken(_ request: IdentityTokenRequest) async throws -> Credential {
        let token: Landfall_Agent_V1_IdToken = try await ask("GetIdToken") {
            Landfall_Agent_V1_GetIdTokenRequest.with {
                $0.caller = caller
                $0.audience = request.audience
                $0.full = request.isFull
                $0.licenses = request.hasLicenses
            }
        }
        return Credential(token: token.token, expiresAt: token.expires.date)
    }

    /// The values of secrets that the job's plan names.
    ///
    /// - Throws: `CredentialFailure`
    func values(of secrets: [SecretReference]) async throws -> [SecretReference: Data] {
        guard !secrets.isEmpty else { return [:] }
        let response: Landfall_Agent_V1_ReadSecretsResponse = try await ask("ReadSecrets") {
            Landfall_Agent_V1_ReadSecretsRequest.with {
                $0.caller = caller
                $0.names = secrets.map(\.path)
            }
        }
        guard response.values.count == secrets.count else { throw CredentialFailure.unavailable }
        return Dictionary(zip(secrets, response.values)) { first, _ in first }
    }

    /// What pulls the attempt's images from Landfall's own registry.
    ///
    /// - Throws: `CredentialFailure`
    func pullToken() async throws -> Credential {
        let token: Landfall_Agent_V1_AccessToken = try await ask("GetPullToken") {
            Landfall_Agent_V1_GetPullTokenRequest.with { $0.caller = caller }
        }
        return Credential(token: token.token, expiresAt: token.expires.date)
    }

    private var caller: Landfall_Agent_V1_Caller {
        .with {
            $0.incarnation = incarnation
            $0.attempt = attempt.message
        }
    }

    private func ask<Request: Message & Sendable, Response: Message & Sendable>(
        _ method: String, _ request: () -> Request
    ) async throws -> Response {
        do {
            return try await line.ask(method, request())
        } catch let error as RPCError {
            switch error.code {
            case .notFound: throw CredentialFailure.gone(error.message)
            case .permissionDenied, .failedPrecondition, .invalidArgument:
                throw CredentialFailure.refused(error.message)
            default: throw CredentialFailure.unavailable
            }
        }
    }
}
