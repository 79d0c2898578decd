import Access
import FoundationEssentials
import Identity

/// Public keys, in the forms and at the paths of Google's, so that any service can verify what was signed here.
struct PublishedKeys: Sendable {
    let idTokens: IDTokens
    let accounts: any ServiceAccountKeys
    let systemKeys: SystemKeys

    /// The forms that keys are given in.
    enum Form: Sendable {
        /// JSON web keys (RFC 7517).
        case jwk
        /// X.509 certificates by key id.
        case x509
        /// Modulus and exponent.
        case raw
    }

    /// The keys of id tokens.
    func ofIssuer(as form: Form) async throws -> OAuthAnswer {
        try answer(try await idTokens.publicKeys(), as: form)
    }

    /// All keys of a service account, those that users hold and those that are held for it.
    func ofAccount(_ emailOrUniqueID: String, as form: Form) async throws -> OAuthAnswer {
        guard let account = try await accounts.account(emailOrUniqueID) else {
            return .failure("not_found", "There is no such service account.", status: 404)
        }
        let time = Date()
        let held = try await accounts.publicKeys(of: account.email).filter { $0.isUsable(at: time) }
        return try answer(held + (await systemKeys.publicKeys(of: account.uniqueID)), as: form)
    }

    private struct JSONWebKey: Encodable {
        let kty = "RSA"
        let use = "sig"
        let alg: String
        let kid: String
        let n: String
        let e: String
    }

    private struct RawKey: Encodable {
        let algorithm = "RSA"
        let keyid: String
        let modulus: String
        let exponent: String
    }

    private func answer(_ keys: [PublicKey], as form: Form) throws -> OAuthAnswer {
        // Before the first signature there is nothing to keep.
        let isPublic = !keys.isEmpty
        switch form {
        case .x509:
            let certificates = Dictionary(keys.map { ($0.id, $0.certificate) }, uniquingKeysWith: { first, _ in first })
            return .success(certificates, isPublic: isPublic)
        case .jwk:
            let keys = try keys.map { key in
                let (modulus, exponent) = try key.primitives()
                return JSONWebKey(alg: key.algorithm.rawValue, kid: key.id, n: modulus, e: exponent)
            }
            return .success(["keys": keys], isPublic: isPublic)
        case .raw:
            let keys = try keys.map { key in
                let (modulus, exponent) = try key.primitives()
                return RawKey(keyid: key.id, modulus: modulus, exponent: exponent)
            }
            return .success(["keyvalues": keys], isPublic: isPublic)
        }
    }
}
