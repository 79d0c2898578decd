import CryptoExtras
import FoundationEssentials
import X509

/// The certificate that a key makes of itself: how clients that know X.509 alone get the public half.
enum KeyCertificate {
    /// The latest date that X.509 can write (RFC 5280, 4.1.2.5): for keys without an end.
    static let latest = Date(timeIntervalSince1970: 253_402_300_799)

    /// In PEM.
    static func make(key: _RSA.Signing.PrivateKey, subject: String, validity: Range<Date>) throws -> String {
        let privateKey = Certificate.PrivateKey(key)
        let name = try DistinguishedName { CommonName(subject) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: privateKey.publicKey,
            notValidBefore: validity.lowerBound, notValidAfter: min(validity.upperBound, latest),
            issuer: name, subject: name, signatureAlgorithm: .sha256WithRSAEncryption,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
            },
            issuerPrivateKey: privateKey)
        return try certificate.serializeAsPEM().pemString + "\n"
    }
}
