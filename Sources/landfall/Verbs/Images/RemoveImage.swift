import ArgumentParser
import Foundation
import OCI
import Schema

struct RemoveImage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a tag from the server's registry, and its image when no other tag is left.")

    @OptionGroup var options: ClientOptions
    @Argument(help: "The image: us-central1-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG, or @DIGEST.") var name: String

    func run() async throws {
        let reference: ImageReference
        do {
            reference = try ImageReference(name)
        } catch {
            throw CommandFailure(error.description)
        }
        let client = try options.client()
        let registry = try RegistryClient(client, reference)
        if let digest = reference.digest { return try await remove(digest, registry, client) }
        let tag = reference.tag ?? "latest"
        let digest = try await registry.digest(of: tag)
        try await registry.remove(tag)
        let tags = try await image(digest, registry, client).tags
        guard tags.isEmpty else {
            return print("Removed the tag \(tag). The image stays for \(tags.joined(separator: ", ")).")
        }
        try await remove(digest, registry, client)
    }

    /// Removes an image, and what an index leads to.
    private func remove(_ digest: Digest, _ registry: RegistryClient, _ client: APIClient) async throws {
        let image = try await image(digest, registry, client)
        try await registry.remove(digest.description)
        print("Removed \(image.uri).")
        for child in image.imageManifests {
            // Another index may lead to it, or a tag of its own.
            try? await registry.remove(child.digest)
        }
    }

    /// The image as the API describes it.
    private func image(
        _ digest: Digest, _ registry: RegistryClient, _ client: APIClient
    ) async throws -> Google_Devtools_Artifactregistry_V1_DockerImage {
        let parts = registry.reference.repository.split(separator: "/", maxSplits: 2).map { String($0).escaped }
        guard parts.count == 3 else {
            throw CommandFailure("\(registry.reference) is not of the form HOST/PROJECT/REPOSITORY/IMAGE.")
        }
        return try await client.call(
            .GET, "artifactregistry",
            "/v1/projects/\(parts[0])/locations/\(registry.location.escaped)/repositories/\(parts[1])/dockerImages/"
                + "\(parts[2])@\(digest)",
            returning: Google_Devtools_Artifactregistry_V1_DockerImage.self)
    }
}
