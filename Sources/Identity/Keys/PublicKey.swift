import Crypto
import CryptoExtras
import FoundationEssentials
import WebTokens
import X509

/// The public half of a key that signs for a service account or for the installation.
public struct PublicKey: Sendable {
    /// How a key signs, by its name in a JWT's header (RFC 7518).
    public enum Algorithm: String, Sendable {
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        case rs256 = "RS256"
    }

    /// What a JWT's `kid` says: unique among the keys of an account.
    public let id: String
    /// How the key signs.
    public let algorithm: Algorithm
    /// An X.509 certificate of the key, PEM.
    public let certificate: String
    /// When it is good.
    public let validity: Range<Date>
    /// Whether its owner has suspended it.
    public let isDisabled: Bool
    private let key: _RSA.Signing.PublicKey

    /// A key by its certificate.
    ///
    /// - Parameters:
    ///   - certificate: X.509, PEM, of an RSA key of 2048 bits or more. Its own dates and its signature do not count.
    /// - Throws: `KeyError.unreadable`
    public init(id: String, certificate: String, validity: Range<Date>, isDisabled: Bool = false) throws {
        guard let parsed = try? Certificate(pemEncoded: certificate),
            let key = _RSA.Signing.PublicKey(parsed.publicKey), key.keySizeInBits >= 2048
        else { throw KeyError.unreadable }
        self.init(id: id, key: key, certificate: certificate, validity: validity, isDisabled: isDisabled)
    }

    init(
        id: String, key: _RSA.Signing.PublicKey, certificate: String, validity: Range<Date>, isDisabled: Bool = false
    ) {
        self.id = id
        algorithm = .rs256
        self.certificate = certificate
        self.validity = validity
        self.isDisabled = isDisabled
        self.key = key
    }

    /// Whether signatures of the key count at a time.
    public func isUsable(at time: Date) -> Bool { !isDisabled && validity.contains(time) }

    /// Whether the key made a signature of some bytes.
    public func isValid(_ signature: Data, for bytes: Data) -> Bool {
        key.isValidSignature(
            .init(rawRepresentation: signature), for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5)
    }

    /// The key alone: a SubjectPublicKeyInfo, PEM.
    public var pem: String { key.pemRepresentation + "\n" }

    /// Modulus and exponent, as RFC 7518 writes them into a JSON web key.
    ///
    /// - Throws: `KeyError.unreadable`
    public func primitives() throws -> (modulus: String, exponent: String) {
        guard let primitives = try? key.getKeyPrimitives() else { throw KeyError.unreadable }
        return (Base64URL.encode(primitives.modulus), Base64URL.encode(primitives.publicExponent))
    }
}

/// Why a key cannot be used.
public enum KeyError: Error, Hashable, Sendable {
    /// It is damaged, is no RSA key, or is too short.
    case unreadable
}
