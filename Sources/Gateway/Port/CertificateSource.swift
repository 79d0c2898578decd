import FoundationEssentials

/// Where the gateway's TLS certificates come from.
public protocol CertificateSource: Sendable {
    /// The certificate for a name.
    ///
    /// - Parameter serverName: the name that the client asked for, in lower case; nil when it gave none, as for
    ///   an address.
    /// - Throws: any error to refuse the name; the client gets the alert `unrecognized_name`.
    func identity(forServerName serverName: String?) async throws -> TLSIdentity
}

/// A certificate with its chain and key.
public struct TLSIdentity: Sendable {
    /// The leaf first, each in DER.
    public var certificateChain: [[UInt8]]
    /// PKCS#8 or SEC 1, in PEM.
    public var privateKeyPEM: String
    /// From then on another one is asked for.
    public var renewAt: Date

    /// A certificate as a source gives it.
    public init(certificateChain: [[UInt8]], privateKeyPEM: String, renewAt: Date) {
        self.certificateChain = certificateChain
        self.privateKeyPEM = privateKeyPEM
        self.renewAt = renewAt
    }
}
