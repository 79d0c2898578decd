import Crypto
import CryptoExtras
import FoundationEssentials
import WebTokens

/// A service account's key file, as its holder hands it over in place of a token.
public struct KeyFile: Sendable {
    /// Longer texts are no key files, in bytes.
    public static let longest = 8 << 10
    /// Nobody has proved yet who they are when the key is used, and longer ones take long, in bits.
    private static let longestKey = 4096
    /// Seconds that a token made of it is good for.
    private static let lifetime = 3_600

    private let fields: Fields

    private struct Fields: Decodable {
        let type: String
        let privateKeyID: String?
        let privateKey: String
        let clientEmail: String

        enum CodingKeys: String, CodingKey {
            case type
            case privateKeyID = "private_key_id"
            case privateKey = "private_key"
            case clientEmail = "client_email"
        }
    }

    /// Nil for what is no key file of a service account.
    public init?(_ json: Data) {
        guard json.count <= Self.longest, let fields = try? JSONDecoder().decode(Fields.self, from: json),
            fields.type == "service_account"
        else { return nil }
        self.fields = fields
    }

    /// A token that the account signs with the key, for one service, as `SelfSignedTokens` judges it: nothing is
    /// believed of the file itself.
    ///
    /// - Parameter service: `artifactregistry.googleapis.com`.
    /// - Returns: nil when the file's key is none, or longer than any that a service account has.
    public func token(for service: String, at now: Date) -> String? {
        struct Claims: Encodable {
            let iss: String
            let sub: String
            let aud: String
            let iat: Int
            let exp: Int
        }
        let time = Int(now.timeIntervalSince1970)
        let claims = Claims(
            iss: fields.clientEmail, sub: fields.clientEmail, aud: "https://\(service)/", iat: time,
            exp: time + Self.lifetime)
        let header = CompactToken.Header(algorithm: "RS256", keyID: fields.privateKeyID)
        guard let key = try? _RSA.Signing.PrivateKey(pemRepresentation: fields.privateKey),
            key.keySizeInBits <= Self.longestKey, let payload = try? JSONEncoder().encode(claims)
        else { return nil }
        return try? CompactToken.make(header, payload: payload) { bytes in
            try key.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5).rawRepresentation
        }
    }
}
