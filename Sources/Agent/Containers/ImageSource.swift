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
    var settings: ImageSettings { get }

    /// Lets the image go, once nothing runs of it.
    func release()
}

/// How an image wants its containers to be run.
public struct ImageSettings: Hashable, Sendable {
    /// The program and its first arguments; empty: none.
    public var entrypoint: [String]
    /// What follows the entrypoint unless the container says otherwise.
    public var command: [String]
    /// Variables, each `NAME=VALUE`.
    public var environment: [String]
    /// Absolute path; empty: the root.
    public var workingDirectory: String
    /// `USER[:GROUP]`, by names or numbers; empty: root.
    public var user: String

    /// Settings; none by default.
    public init(
        entrypoint: [String] = [], command: [String] = [], environment: [String] = [], workingDirectory: String = "",
        user: String = ""
    ) {
        self.entrypoint = entrypoint
        self.command = command
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.user = user
    }
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
}
