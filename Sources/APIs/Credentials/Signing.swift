import Identity
import Methods
import Schema

/// Blobs and JWTs, signed with a key that is held for the account.
struct Signing: Sendable {
    let delegation: Delegation
    let signatures: AccountSignatures

    func blob(
        _ request: Google_Iam_Credentials_V1_SignBlobRequest, _ call: Call
    ) async throws -> Google_Iam_Credentials_V1_SignBlobResponse {
        let account = try await delegation.target(
            request.name, delegates: request.delegates, "iam.serviceAccounts.signBlob", call
        ).account
        guard !request.payload.isEmpty else {
            throw ServiceError.invalidArgument("There is nothing to sign.", field: "payload")
        }
        let (key, signature) = try await signatures.sign(request.payload, for: account)
        return .with {
            $0.keyID = key
            $0.signedBlob = signature
        }
    }

    func jwt(
        _ request: Google_Iam_Credentials_V1_SignJwtRequest, _ call: Call
    ) async throws -> Google_Iam_Credentials_V1_SignJwtResponse {
        let account = try await delegation.target(
            request.name, delegates: request.delegates, "iam.serviceAccounts.signJwt", call
        ).account
        do {
            let (key, token) = try await signatures.signJWT(request.payload, for: account)
            return .with {
                $0.keyID = key
                $0.signedJwt = token
            }
        } catch ClaimsError.noObject {
            throw ServiceError.invalidArgument(
                "The payload must be a JWT's set of claims: a JSON object of at most 16 KiB, with no name twice.",
                field: "payload")
        } catch ClaimsError.badEnd {
            throw ServiceError.invalidArgument(
                "The claim 'exp' must be a whole number of seconds since 1970, not past and at most "
                    + "\(AccountSignatures.longestClaim / 3600) hours ahead.", field: "payload")
        }
    }
}
