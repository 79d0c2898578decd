import FoundationEssentials
import Gateway
import Identity

/// Serves the gateway with certificates of the installation's own authority.
struct AuthorityCertificates: CertificateSource {
    let authority: Authority

    /// Leaves are replaced when a third of their life is left.
    private static let renewBefore: TimeInterval = 10 * 86_400

    /// A client that names no host has dialled an address, and that is the loopback's.
    func identity(forServerName serverName: String?) async throws -> TLSIdentity {
        let leaf = try authority.leaf(for: serverName ?? "127.0.0.1")
        return TLSIdentity(
            certificateChain: [leaf.certificate, leaf.issuer], privateKeyPEM: leaf.privateKeyPEM,
            renewAt: leaf.notValidAfter - Self.renewBefore)
    }
}
