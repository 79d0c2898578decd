import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOSSL
import Synchronization

/// The ways to registries: one to those outside, one to Landfall's own.
final class RegistryClients: Sendable {
    /// A place on the web that may be asked, and the client that asks it.
    struct Way: Sendable {
        let client: HTTPClient
        /// It is a name of Landfall's own.
        let isLandfall: Bool
    }

    private struct Own: Sendable {
        let registry: LandfallRegistry
        let client: HTTPClient
    }

    private let outside = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration())
    private let plainRegistries: Set<String>
    private let own = Mutex<Own?>(nil)

    /// - Parameter plainRegistries: `HOST:PORT` of registries that are asked without TLS.
    init(plainRegistries: Set<String>) {
        self.plainRegistries = plainRegistries
    }

    /// Sets where Landfall's own registry is.
    ///
    /// - Throws: an error of NIOSSL when the authority's certificate cannot be read.
    func reach(_ registry: LandfallRegistry) async throws {
        guard own.withLock({ $0?.registry }) != registry else { return }
        var configuration = Self.configuration()
        let authority = try NIOSSLCertificate.fromPEMBytes(Array(registry.authority.utf8))
        configuration.tlsConfiguration = TLSConfiguration.makeClientConfiguration()
        configuration.tlsConfiguration?.trustRoots = .certificates(authority)
        configuration.proxy = .server(host: registry.host, port: registry.port)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let before = own.withLock { own in
            defer { own = Own(registry: registry, client: client) }
            return own
        }
        try? await before?.client.shutdown()
    }

    /// The scheme that a registry is asked by.
    func scheme(of registry: String) -> String { plainRegistries.contains(registry) ? "http" : "https" }

    /// How a URL is reached.
    ///
    /// - Throws: `ImageError` when it is not to be asked: only HTTPS, but for registries that the operator has named.
    func way(to url: URL) throws -> Way {
        guard let host = url.host(percentEncoded: true)?.lowercased(), !host.isEmpty else {
            throw ImageError(.invalid, "A registry leads to \(url), which names no host.")
        }
        guard url.scheme == "https" || (url.scheme == "http" && plainRegistries.contains(url.authority)) else {
            throw ImageError(.invalid, "A registry leads to \(url.scheme ?? "")://\(host), which is not HTTPS.")
        }
        if let own = own.withLock({ $0 }), own.registry.serves(host) {
            return Way(client: own.client, isLandfall: true)
        }
        return Way(client: outside, isLandfall: false)
    }

    /// Closes all connections.
    func shutDown() async {
        try? await outside.shutdown()
        try? await own.withLock { $0 }?.client.shutdown()
    }

    private static func configuration() -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        // They are followed here, by our rules.
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(10)
        configuration.timeout.read = .seconds(60)
        // Tries again are counted here too.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}

extension URL {
    /// The host, in lower case, with the port if there is one.
    var authority: String {
        let name = (host(percentEncoded: true) ?? "").lowercased()
        let shown = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
        return port.map { "\(shown):\($0)" } ?? shown
    }
}
