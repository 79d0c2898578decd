import Foundation
import ImageSupport
import Images
import Logging
import OCI
import TestSupport

/// A registry, and a machine with an empty cache that pulls from it.
struct World {
    let registry: FakeRegistry
    let images: Images
    let address: String
    let directory: String

    /// Lives while `body` runs; nothing is left of it.
    static func with(
        sizeLimit: Int = 1 << 30, limits: LayerLimits = LayerLimits(), plain: [String] = [],
        _ body: (World) async throws -> Void
    ) async throws {
        let directory = "/var/tmp/landfall-test-\(UUID().uuidString)"
        let registry = FakeRegistry()
        try await WebServer.with({ registry.answer($0) }) { server in
            let images = try await open(directory, server.address, sizeLimit: sizeLimit, limits: limits, plain: plain)
            let result: Result<Void, any Error>
            do {
                result = .success(
                    try await body(
                        World(registry: registry, images: images, address: server.address, directory: directory)))
            } catch {
                result = .failure(error)
            }
            await images.shutDown()
            // No depth of directories exhausts it.
            _ = try await Program.run(["rm", "-rf", directory])
            try result.get()
        }
    }

    static func open(
        _ directory: String, _ address: String, sizeLimit: Int = 1 << 30, limits: LayerLimits = LayerLimits(),
        plain: [String] = []
    ) async throws -> Images {
        try await Images(
            configuration: ImagesConfiguration(
                directory: directory, sizeLimit: sizeLimit, limits: limits,
                plainRegistries: Set([address] + plain), patience: .seconds(300)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Pulls an image of the registry.
    func pull(_ name: String = "app", _ credential: RegistryCredential? = nil) async throws -> Image {
        try await images.image(ImageReference("\(address)/\(name)"), credential: credential)
    }

    /// Pulls an image of this one layer, and returns the directory of that.
    func unpack(_ entries: [TarArchive.Entry]) async throws -> String {
        registry.add(TestImage([.init(entries)]))
        let image = try await pull()
        return image.layers[0]
    }

    /// The words of the error that a layer is refused with; nil when it is not.
    func refusal(of entries: [TarArchive.Entry]) async throws -> String? {
        do {
            _ = try await unpack(entries)
            return nil
        } catch let error as ImageError where error.kind == .invalid {
            return error.description
        }
    }

    /// What lies in a directory of the cache.
    func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(folder)")
    }
}
