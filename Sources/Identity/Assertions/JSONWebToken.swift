import FoundationEssentials
import WebTokens

/// A JSON web token of a service account or of the installation. Nothing of it is believed before its signature.
struct JSONWebToken: Sendable {
    private let token: CompactToken
    let claims: Claims
    /// All claims, as JSON.
    var payload: Data { token.payload }

    /// Nil for what is no token in compact form, or has claims of wrong types.
    init?(_ text: String) {
        guard let token = CompactToken(text), let claims = try? JSONDecoder().decode(Claims.self, from: token.payload)
        else { return nil }
        self.token = token
        self.claims = claims
    }

    /// The first of some keys that made the signature: with the algorithm that the key is for, whatever the header
    /// says, and only the key that the header names, if it names one.
    func signer(among keys: [PublicKey]) -> PublicKey? {
        let header = token.header
        return keys.first { key in
            key.algorithm.rawValue == header.algorithm && (header.keyID == nil || header.keyID == key.id)
                && key.isValid(token.signature, for: token.signed)
        }
    }

    /// A token with these claims, which are JSON.
    static func sign(_ claims: Data, with key: SigningKey) throws -> String {
        let header = CompactToken.Header(algorithm: key.publicKey.algorithm.rawValue, keyID: key.id)
        return try CompactToken.make(header, payload: claims) { try key.signature(for: $0) }
    }

    /// Whether some text could be one, rather than a token of another sort.
    static func isLikely(_ text: String) -> Bool { text.hasPrefix("eyJ") }
}
