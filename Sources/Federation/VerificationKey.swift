import Crypto
import CryptoExtras
import FoundationEssentials
import WebTokens

/// A public key of an issuer's.
struct VerificationKey: Sendable {
    private enum Material: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
    }

    /// What a token's header calls it.
    let id: String
    private let material: Material

    /// Which signatures it makes, by the name of RFC 7518: a token does not choose.
    var algorithm: String {
        switch material {
        case .rsa: "RS256"
        case .p256: "ES256"
        }
    }

    /// A key by its JSON (RFC 7517); nil when it is of another kind, or not for these signatures.
    init?(_ key: JSONWebKey) {
        guard let id = key.kid, !id.isEmpty, key.use == nil || key.use == "sig" else { return nil }
        switch key.kty {
        case "RSA":
            guard let modulus = Self.bytes(key.n), let exponent = Self.bytes(key.e), modulus.count <= 1024,
                let rsa = try? _RSA.Signing.PublicKey(n: modulus, e: exponent), rsa.keySizeInBits >= 2048
            else { return nil }
            material = .rsa(rsa)
        case "EC":
            guard key.crv == "P-256", let x = Self.bytes(key.x), let y = Self.bytes(key.y), x.count == 32,
                y.count == 32,
                let p256 = try? P256.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            material = .p256(p256)
        default: return nil
        }
        self.id = id
        guard key.alg == nil || key.alg == algorithm else { return nil }
    }

    /// Whether the key made the signature of a token, with its own algorithm.
    func isSigner(of token: CompactToken) -> Bool {
        guard token.header.algorithm == algorithm else { return false }
        let digest = SHA256.hash(data: token.signed)
        switch material {
        case .rsa(let key):
            return key.isValidSignature(
                .init(rawRepresentation: token.signature), for: digest, padding: .insecurePKCS1v1_5)
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: token.signature) else {
                return false
            }
            return key.isValidSignature(signature, for: digest)
        }
    }

    private static func bytes(_ text: String?) -> Data? { text.flatMap { Base64URL.decode(Substring($0)) } }
}

/// A key as issuers publish it, as far as it counts.
struct JSONWebKey: Decodable {
    var kty: String
    var kid: String?
    var alg: String?
    var use: String?
    var n: String?
    var e: String?
    var crv: String?
    var x: String?
    var y: String?
}
