import FoundationEssentials
import NIOSSL

/// TLS contexts by server name, made from a source of certificates; the least recently used one goes when there
/// are too many.
actor CertificateCache {
    private struct Entry {
        let context: NIOSSLContext
        let renewAt: Date
        var lastUse: UInt64
    }

    private let source: any CertificateSource
    private let capacity: Int
    private var entries: [String?: Entry] = [:]
    private var uses: UInt64 = 0

    init(source: any CertificateSource, capacity: Int = 256) {
        self.source = source
        self.capacity = capacity
    }

    /// The context for a name, from the cache or from a certificate that the source gives now.
    ///
    /// - Throws: what the source throws for a name that it refuses; nothing is cached then.
    func context(forServerName name: String?) async throws -> NIOSSLContext {
        uses += 1
        if var entry = entries[name], entry.renewAt > Date() {
            entry.lastUse = uses
            entries[name] = entry
            return entry.context
        }
        let identity = try await source.identity(forServerName: name)
        let context = try Self.makeContext(identity)
        entries[name] = Entry(context: context, renewAt: identity.renewAt, lastUse: uses)
        if entries.count > capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
        }
        return context
    }

    private static func makeContext(_ identity: TLSIdentity) throws -> NIOSSLContext {
        let chain = try identity.certificateChain.map {
            NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: $0, format: .der))
        }
        let key = try NIOSSLPrivateKey(bytes: Array(identity.privateKeyPEM.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
