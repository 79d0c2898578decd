import FoundationEssentials

/// The keys of an issuer, by their ids.
public struct KeySet: Sendable {
    /// The longest document that is read, in bytes.
    public static let longestDocument = 256 << 10
    /// The most keys that are looked at.
    private static let maximumCount = 100

    private let keys: [String: VerificationKey]

    /// Reads a set of JSON web keys (RFC 7517, 5). Keys of other kinds, and those without an id, are left out.
    ///
    /// - Returns: nil for what is no such set, and for one without a key that can be used: RSA of 2048 bits or more, or
    ///   EC on P-256.
    public init?(_ json: some Collection<UInt8>) {
        guard json.count <= Self.longestDocument,
            let set = try? JSONDecoder().decode(Document.self, from: Data(json)), set.keys.count <= Self.maximumCount
        else { return nil }
        // Of two with one id neither can be told to be meant: the first counts.
        keys = Dictionary(
            set.keys.compactMap { $0.key.flatMap(VerificationKey.init) }.map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first })
        guard !keys.isEmpty else { return nil }
    }

    /// The key of an id.
    subscript(id: String) -> VerificationKey? { keys[id] }

    private struct Document: Decodable {
        let keys: [Entry]
    }

    /// A key, or something else that is left out.
    private struct Entry: Decodable {
        let key: JSONWebKey?

        init(from decoder: any Decoder) throws {
            key = try? JSONWebKey(from: decoder)
        }
    }
}
