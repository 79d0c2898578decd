import Images
import OCI

/// Where an agent gets images from.
public protocol ImageSource: Sendable {
    /// An image, on this machine and ready to be run.
    ///
    /// - Parameter credential: what is shown to the registry; nil: nothing.
    /// - Throws: an error whose description is a sentence for people, or `CancellationError`.
    func image(_ reference: ImageReference, credential: RegistryCredential?) async throws -> any PinnedImage

    /// Says where the server's own registry is.
    func reach(_ registry: LandfallRegistry) async throws
}

/// An image that stays on this machine until it is released.
public protocol PinnedImage: Sendable {
    /// The directories of its layers, lowest first.
    var layers: [String] { get }
    /// How it wants its containers to be run.
    var configuration: ImageConfiguration { get }

    /// Lets the image go, once nothing runs of it.
    func release()
}

/// For an agent that runs no containers.
public struct NoImages: ImageSource {
    /// Without images.
    public init() {}

    /// - Throws: always.
    public func image(_ reference: ImageReference, credential: RegistryCredential?) async throws -> any PinnedImage {
        throw ImageRefusal(description: "This agent keeps no images.")
    }

    /// Does nothing.
    public func reach(_ registry: LandfallRegistry) async throws {}
}

/// Why a container has no image, in words for people.
struct ImageRefusal: Error, Hashable, CustomStringConvertible {
    var description: String
    /// The server is away, and may soon be there again.
    var mayPass = false
}
