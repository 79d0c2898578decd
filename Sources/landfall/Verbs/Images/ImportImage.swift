import ArgumentParser
import Foundation
import OCI

struct ImportImage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Push an image out of a file to the server's registry.",
        discussion: """
            The file is an OCI image layout, as a tar archive or a directory, or what 'docker save' and 'podman save' \
            write. The repository must exist: 'gcloud artifacts repositories create'.
            """)

    @OptionGroup var options: ClientOptions
    @Argument(help: "The archive or directory.") var file: String
    @Option(help: "Where it goes: us-central1-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG.") var name: String
    @Option(help: "Which image, by its name or tag in the file. Default: the only one.") var image: String?

    func run() async throws {
        let reference = try Self.target(name)
        let client = try options.client()
        let registry = try RegistryClient(client, reference)
        let found = try ArchivedImage(in: ImageFiles(file), named: image)
        for blob in found.blobs where try await !registry.has(blob.digest) { try await registry.push(blob) }
        for manifest in found.manifests.dropLast() {
            try await registry.push(manifest, at: manifest.digest.description)
        }
        guard let top = found.manifests.last else { throw CommandFailure("There is no image in '\(file)'.") }
        try await registry.push(top, at: reference.tag ?? top.digest.description)
        print("\(reference)@\(top.digest)")
    }

    /// Reads the name that an image is to have.
    static func target(_ text: String) throws -> ImageReference {
        let reference: ImageReference
        do {
            reference = try ImageReference(text)
        } catch {
            throw CommandFailure(error.description)
        }
        guard reference.digest == nil else { throw CommandFailure("An image is pushed to a tag, not to a digest.") }
        return reference
    }
}
