import Logging
import OCI

/// Images of containers on this machine: pulled, verified, unpacked, shared, and kept for the next time.
public final class Images: Sendable {
    private struct Key: Hashable, Sendable {
        let reference: ImageReference
        let credential: RegistryCredential?
    }

    private let configuration: ImagesConfiguration
    private let clients: RegistryClients
    private let cache: ImageCache
    private let layers: LayerPulls
    private let pulls = SharedWork<Key, ImagePin>()

    /// Opens the cache, and removes what an earlier process left half done.
    ///
    /// - Throws: `ImageError`
    public init(configuration: ImagesConfiguration, logger: Logger) async throws {
        self.configuration = configuration
        let program = try configuration.unpackerPath()
        let files = try await blocking { try CacheFiles(directory: configuration.directory) }
        cache = try await ImageCache(files: files, sizeLimit: configuration.sizeLimit, logger: logger)
        clients = RegistryClients(plainRegistries: configuration.plainRegistries)
        layers = LayerPulls(
            cache: cache, unpacking: LayerUnpacking(program: program, limits: configuration.limits, files: files))
    }

    /// Says where Landfall's own registry is; it may change.
    ///
    /// - Throws: an error when the authority's certificate cannot be read.
    public func reach(_ registry: LandfallRegistry) async throws { try await clients.reach(registry) }

    /// An image, ready to be run.
    ///
    /// What is here already is not fetched again, but the registry is asked each time whether whoever asks may read the
    /// image, and what its tag stands for. Those who ask for the same in the same name share one pull.
    ///
    /// - Parameter credential: what is shown to the registry; nil: nothing.
    /// - Throws: `ImageError`, or `CancellationError`.
    public func image(_ reference: ImageReference, credential: RegistryCredential? = nil) async throws -> Image {
        let pin = try await pulls.value(for: Key(reference: reference, credential: credential)) { [self] in
            let session = RegistrySession(reference, credential: credential, clients: clients)
            let pull = Pull(
                reference: reference, session: session, cache: cache, layers: layers, platform: configuration.platform)
            let late = ImageError(
                .unavailable, "The image \(reference) has not come within \(configuration.patience).")
            return try await withDeadline(configuration.patience, late: late) { try await pull.run() }
        }
        return Image(pin, layers: pin.record.layers.map(cache.path(ofLayer:)))
    }

    /// What the layers on this machine take of its disk, in bytes.
    public var size: Int {
        get async { await cache.size }
    }

    /// Closes connections, and brings what was pulled to the disk; pulls that are under way fail.
    public func shutDown() async {
        await clients.shutDown()
        await cache.settle()
    }
}
