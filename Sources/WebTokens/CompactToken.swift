import FoundationEssentials

/// A JSON web token in compact form (RFC 7519), taken apart. Nothing of it is believed before its signature.
public struct CompactToken: Sendable {
    /// The longest token that is looked at, in bytes.
    public static let maximumLength = 16 << 10

    /// What a token says of its own form, as far as it counts.
    public struct Header: Hashable, Sendable {
        /// By its name of RFC 7518: `RS256`.
        public var algorithm: String
        /// Which key signed.
        public var keyID: String?

        /// Makes a header of its parts.
        public init(algorithm: String, keyID: String?) {
            self.algorithm = algorithm
            self.keyID = keyID
        }
    }

    /// What it says of its own form.
    public let header: Header
    /// Its claims: JSON, if its author is honest.
    public let payload: Data
    /// Of the issuer.
    public let signature: Data
    /// What the signature is over.
    public let signed: Data

    /// Nil for what is no token in compact form, or has extensions that its reader would have to know (RFC 7515,
    /// 4.1.11).
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]),
            let fields = try? JSONDecoder().decode(Fields.self, from: header), fields.crit == nil
        else { return nil }
        self.header = Header(algorithm: fields.alg, keyID: fields.kid)
        self.payload = payload
        self.signature = signature
        signed = Data(text[..<parts[1].endIndex].utf8)
    }

    /// A token in compact form.
    ///
    /// - Parameters:
    ///   - payload: JSON.
    ///   - sign: gives the signature of some bytes.
    public static func make(
        _ header: Header, payload: Data, sign: (Data) throws -> Data
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let fields = Fields(alg: header.algorithm, kid: header.keyID, typ: "JWT")
        let signed = try Base64URL.encode(encoder.encode(fields)) + "." + Base64URL.encode(payload)
        return try signed + "." + Base64URL.encode(sign(Data(signed.utf8)))
    }

    private struct Fields: Codable {
        var alg: String
        var kid: String?
        var typ: String?
        var crit: [String]?
    }
}
