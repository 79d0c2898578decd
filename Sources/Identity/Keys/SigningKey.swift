import Crypto
import CryptoExtras
import Dispatch
import FoundationEssentials

/// A key pair with its private half: RSA of 2048 bits.
public struct SigningKey: Sendable {
    /// What is known of the key to everybody.
    public let publicKey: PublicKey
    private let key: _RSA.Signing.PrivateKey

    /// When a key without an end ends: the latest date that its certificate can write.
    public static let latestEnd = KeyCertificate.latest

    /// To look for two primes takes long enough to hold up other calls: it is done elsewhere, one pair at a time.
    private static let generation = DispatchQueue(label: "landfall.key-generation", qos: .utility)

    /// Makes a key pair, away from the threads that answer calls.
    ///
    /// - Parameters:
    ///   - subject: whom its certificate names, such as a service account's unique id.
    ///   - validity: when its signatures count.
    public static func make(subject: String, validity: Range<Date>) async throws -> SigningKey {
        try await withCheckedThrowingContinuation { continuation in
            generation.async {
                continuation.resume(
                    with: Result {
                        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
                        let certificate = try KeyCertificate.make(key: key, subject: subject, validity: validity)
                        return SigningKey(id: Self.randomID(), key: key, certificate: certificate, validity: validity)
                    })
            }
        }
    }

    /// Takes up a stored pair.
    ///
    /// - Throws: `KeyError.unreadable`
    init(id: String, privateKey: Data, certificate: String, validity: Range<Date>) throws {
        guard let key = try? _RSA.Signing.PrivateKey(derRepresentation: privateKey) else { throw KeyError.unreadable }
        self.init(id: id, key: key, certificate: certificate, validity: validity)
    }

    private init(id: String, key: _RSA.Signing.PrivateKey, certificate: String, validity: Range<Date>) {
        self.key = key
        publicKey = PublicKey(id: id, key: key.publicKey, certificate: certificate, validity: validity)
    }

    /// 40 hexadecimal digits.
    public var id: String { publicKey.id }

    /// The private half: PKCS#8, PEM. A secret.
    public var privateKeyPEM: String { key.pkcs8PEMRepresentation + "\n" }

    /// The same in DER.
    var privateKeyDER: Data { key.pkcs8DERRepresentation }

    /// Signs bytes with RSASSA-PKCS1-v1_5 and SHA-256.
    public func signature(for bytes: Data) throws -> Data {
        try key.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5).rawRepresentation
    }

    private static func randomID() -> String {
        let digits = Array("0123456789abcdef")
        return String((0..<40).map { _ in digits[Int.random(in: 0..<16)] })
    }
}
