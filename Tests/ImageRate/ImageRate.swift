import Foundation
import Images
import Logging
import OCI

/// Pulls an image into an empty cache, and says how many seconds that takes: `ImageRate CACHE REFERENCE
/// [PLAIN-REGISTRY]`. The cache is a new directory, which stays: ext4 takes its time to use again what was just deleted.
@main
struct ImageRate {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count > 1 else { throw ExitError.usage }
        let reference = try ImageReference(arguments[1])
        let images = try await Images(
            configuration: ImagesConfiguration(directory: arguments[0], plainRegistries: Set(arguments.dropFirst(2))),
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
