import Foundation
import Images
import Logging
import OCI

/// Pulls an image into an empty cache, and says how many seconds that takes: `ImageRate REFERENCE [PLAIN-REGISTRY]`.
@main
struct ImageRate {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let text = arguments.first else { throw ExitError.usage }
        let reference = try ImageReference(text)
        let directory = "/var/tmp/landfall-image-rate-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let images = try await Images(
            configuration: ImagesConfiguration(directory: directory, plainRegistries: Set(arguments.dropFirst())),
            logger: Logger(label: "rate"))
        for what in ["first", "again"] {
            let clock = ContinuousClock()
            let start = clock.now
            let image = try await images.image(reference)
            print(
                what, (clock.now - start) / .seconds(1), "seconds,", image.layers.count, "layers,", await images.size,
                "bytes")
        }
        await images.shutDown()
    }

    private enum ExitError: Error {
        case usage
    }
}
