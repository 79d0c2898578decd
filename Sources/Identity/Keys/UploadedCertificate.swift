import Crypto
import CryptoExtras
import FoundationEssentials
import X509

/// The public half of a pair that a user made, as the user uploads it.
public struct UploadedCertificate: Sendable {
    /// A longer one is not looked at, in bytes.
    public static let longest = 16_384

    /// 40 hexadecimal digits that follow from the key (RFC 5280, 4.2.1.2).
    public let id: String
    /// X.509, PEM.
    public let certificate: String
    /// When it says that it is good, within what X.509 can write.
    public let validity: Range<Date>

    /// Reads a certificate.
    ///
    /// - Parameter pem: X.509, of an RSA key of 2048 bits or more. Who signed it does not count.
    /// - Throws: `KeyError.unreadable`
    public init(pem: Data) throws {
        guard pem.count <= Self.longest,
            let parsed = try? Certificate(pemEncoded: String(decoding: pem, as: UTF8.self)),
            let key = _RSA.Signing.PublicKey(parsed.publicKey), parsed.notValidBefore < parsed.notValidAfter,
            let written = try? parsed.serializeAsPEM().pemString
        else { throw KeyError.unreadable }
        id = Insecure.SHA1.hash(data: key.derRepresentation)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        certificate = written + "\n"
        validity = parsed.notValidBefore..<parsed.notValidAfter
        _ = try PublicKey(id: id, certificate: certificate, validity: validity)
    }
}
