import ArgumentParser

struct ImagesVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "Bring container images to the server's registry, list and remove them.",
        discussion: """
            The registry is the server's Artifact Registry: who may read an image there says IAM, and 'docker push', \
            'podman push' and 'skopeo copy' under 'landfall exec' reach it as well.
            """,
        subcommands: [ImportImage.self, ListImages.self, RemoveImage.self])
}
