import FoundationEssentials

/// A JSON web token in compact form (RFC 7519), taken apart. Nothing of it is believed before its signature.
struct JSONWebToken: Sendable {
    /// Longer ones are not looked at.
    static let maximumLength = 16 << 10

    /// The header, as far as it counts.
    struct Header: Codable, Sendable {
        var alg: String
        var kid: String?
        var typ: String?
        /// Extensions that the reader must know (RFC 7515, 4.1.11): none is known.
        var crit: [String]?
    }

    let header: Header
    let claims: Claims
    let signature: Data
    /// What the signature is over.
    let signed: Data

    /// Nil for what is no token in compact form, or has claims of wrong types.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let claims = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: header), header.crit == nil,
            let claims = try? JSONDecoder().decode(Claims.self, from: claims)
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        signed = Data(text[..<parts[1].endIndex].utf8)
    }

    /// The first of some keys that made the signature: with the algorithm that the key is for, whatever the header
    /// says, and only the key that the header names, if it names one.
    func signer(among keys: [PublicKey]) -> PublicKey? {
        keys.first { key in
            key.algorithm.rawValue == header.alg && (header.kid == nil || header.kid == key.id)
                && key.isValid(signature, for: signed)
        }
    }

    /// A token with these claims, which are JSON.
    static func sign(_ claims: Data, with key: SigningKey) throws -> String {
        let header = Header(alg: key.publicKey.algorithm.rawValue, kid: key.id, typ: "JWT")
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let signed = try Base64URL.encode(encoder.encode(header)) + "." + Base64URL.encode(claims)
        return try signed + "." + Base64URL.encode(key.signature(for: Data(signed.utf8)))
    }

    /// Whether some text could be one, rather than a token of another sort.
    static func isLikely(_ text: String) -> Bool { text.hasPrefix("eyJ") }
}
