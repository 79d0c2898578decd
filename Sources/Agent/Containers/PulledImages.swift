import Images
import OCI

/// Images out of registries, kept on this machine.
public struct PulledImages: ImageSource {
    private let images: Images

    /// Those of a cache.
    public init(_ images: Images) {
        self.images = images
    }

    /// An image, on this machine and ready to be run.
    ///
    /// - Throws: `ImageError`, or `CancellationError`.
    public func image(_ reference: ImageReference, credential: RegistryCredential?) async throws -> any PinnedImage {
        try await images.image(reference, credential: credential)
    }

    /// Says where the server's own registry is.
    public func reach(_ registry: LandfallRegistry) async throws { try await images.reach(registry) }
}

extension Image: PinnedImage {}
