import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// An installation's own certificate authority.
///
/// It is made on the first start and loaded at later ones. X.509 name constraints, which are critical, keep it to
/// the names that Landfall answers to: whoever trusts it trusts it for nothing else.
public struct Authority: Sendable {
    /// The path of the authority's certificate in PEM, for clients to trust.
    public let certificateFile: String
    /// The same certificate, in PEM.
    public let certificatePEM: String

    private let names: AuthorityNames
    private let key: P256.Signing.PrivateKey
    private let certificate: Certificate

    static let lifetime: TimeInterval = 3_650 * 86_400
    static let leafLifetime: TimeInterval = 30 * 86_400

    /// Loads the authority in a directory, or makes one there.
    ///
    /// - Parameters:
    ///   - directory: exists, and nobody else can write to it. The key is `ca.key` (mode 0600), the certificate
    ///     `ca.pem` (mode 0644).
    ///   - names: the domains that certificates may be for, each with everything below it; `localhost` and the
    ///     loopback addresses are always among them. A stored certificate for other names is made anew with the
    ///     same key.
    /// - Throws: `AuthorityError` for files that cannot be used.
    public init(directory: String, names: [String]) throws {
        try self.init(directory: directory, names: names, now: Date())
    }

    init(directory: String, names: [String], now: Date) throws {
        let files = AuthorityFiles(directory: directory)
        self.names = AuthorityNames(domains: names)
        certificateFile = files.certificatePath
        let storedKey = try files.readKey()
        key = try storedKey.map(Self.parseKey) ?? P256.Signing.PrivateKey()
        if storedKey == nil { try files.writeKey(key.pemRepresentation) }
        if let stored = try files.readCertificate(), let certificate = try? Certificate(pemEncoded: stored),
            try Self.isUsable(certificate, key: key, names: self.names, now: now)
        {
            self.certificate = certificate
            certificatePEM = try certificate.serializeAsPEM().pemString + "\n"
            return
        }
        certificate = try Self.makeRoot(key: key, names: self.names, now: now)
        certificatePEM = try certificate.serializeAsPEM().pemString + "\n"
        try files.writeCertificate(certificatePEM)
    }

    /// Makes a certificate for one name, valid for thirty days, with a key of its own.
    ///
    /// - Parameter name: a host name, or a loopback address as a literal.
    /// - Throws: `AuthorityError.nameNotAllowed` for a name outside the authority's.
    public func leaf(for name: String) throws -> LeafCertificate {
        try leaf(for: name, now: Date())
    }

    func leaf(for name: String, now: Date) throws -> LeafCertificate {
        guard let subject = names.subject(name) else { throw AuthorityError.nameNotAllowed(name) }
        let leafKey = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(leafKey.publicKey)
        let end = min(now + Self.leafLifetime, certificate.notValidAfter)
        let leaf = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: publicKey,
            notValidBefore: now - Self.clockTolerance, notValidAfter: end,
            issuer: certificate.subject, subject: DistinguishedName(),
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                // The subject is empty, so that names are checked in one place alone (RFC 5280, 4.2.1.6).
                Critical(SubjectAlternativeNames([subject]))
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: try Self.keyIdentifier(of: certificate))
            },
            issuerPrivateKey: Certificate.PrivateKey(key))
        return LeafCertificate(
            certificate: try Self.der(leaf), issuer: try Self.der(certificate),
            privateKeyPEM: leafKey.pemRepresentation, notValidAfter: end)
    }

    /// Clocks of clients may be behind by that much.
    private static let clockTolerance: TimeInterval = 3_600

    private static func makeRoot(
        key: P256.Signing.PrivateKey, names: AuthorityNames, now: Date
    ) throws -> Certificate {
        let publicKey = Certificate.PublicKey(key.publicKey)
        let name = try DistinguishedName {
            OrganizationName("Landfall")
            CommonName("Landfall local authority")
        }
        return try Certificate(
            version: .v3, serialNumber: .init(), publicKey: publicKey,
            notValidBefore: now - clockTolerance, notValidAfter: now + lifetime, issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                Critical(names.constraints)
                SubjectKeyIdentifier(hash: publicKey)
            },
            issuerPrivateKey: Certificate.PrivateKey(key))
    }

    /// Whether a stored certificate belongs to the key, is for the same names, and lasts for another leaf at least.
    private static func isUsable(
        _ certificate: Certificate, key: P256.Signing.PrivateKey, names: AuthorityNames, now: Date
    ) throws -> Bool {
        let constraints = try certificate.extensions.nameConstraints
        return certificate.publicKey == Certificate.PublicKey(key.publicKey) && constraints == names.constraints
            && certificate.notValidAfter > now + leafLifetime
    }

    private static func parseKey(_ pem: String) throws -> P256.Signing.PrivateKey {
        do {
            return try P256.Signing.PrivateKey(pemRepresentation: pem)
        } catch {
            throw AuthorityError.unreadableKey
        }
    }

    private static func keyIdentifier(of certificate: Certificate) throws -> ArraySlice<UInt8>? {
        try certificate.extensions.subjectKeyIdentifier?.keyIdentifier
    }

    private static func der(_ certificate: Certificate) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }
}

/// A certificate for one name with its key.
public struct LeafCertificate: Sendable {
    /// In DER.
    public let certificate: [UInt8]
    /// The authority's certificate, in DER.
    public let issuer: [UInt8]
    /// In PEM; for this certificate alone.
    public let privateKeyPEM: String
    /// When clients stop to accept it.
    public let notValidAfter: Date
}
