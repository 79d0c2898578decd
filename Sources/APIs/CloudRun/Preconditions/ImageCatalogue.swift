import Access
import OCI
import Requests

/// Knows which images lie in this server's own repositories.
public protocol ImageCatalogue: Sendable {
    /// Where an image lies; nil for an image of another registry.
    ///
    /// - Parameter image: as a job names it: `us-central1-docker.pkg.dev/demo/images/report:1`.
    func location(of image: String) -> ImageLocation?

    /// Whether an image is there.
    func contains(_ image: ImageLocation) async throws -> Bool
}

/// An image in one of this server's repositories.
public struct ImageLocation: Hashable, Sendable {
    /// The repository; its project by id or by number, as the image's name has it.
    public let repository: Resource
    /// The image's name in the repository: `report`, `team/report`.
    public let name: ImageName
    /// Which of its versions.
    public let version: Reference

    /// Reads the name of an image.
    ///
    /// - Parameters:
    ///   - image: `HOST/PROJECT/REPOSITORY/NAME[:TAG][@DIGEST]`.
    ///   - hosts: those that are this server's.
    /// - Returns: nil for an image of another registry.
    public init?(_ image: String, at hosts: RegistryHosts) {
        guard let reference = try? ImageReference(image), let location = hosts.location(of: reference.registry),
            let version = Reference(reference.selector)
        else { return nil }
        let parts = reference.repository.split(separator: "/", maxSplits: 2).map(String.init)
        guard parts.count == 3, let name = ImageName(parts[2]) else { return nil }
        repository = .repository(parts[1], location: location, project: parts[0])
        self.name = name
        self.version = version
    }
}
