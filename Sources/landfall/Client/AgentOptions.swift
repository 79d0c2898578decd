import ArgumentParser
import Images
import OCI

/// What `landfall up` passes on to the agent that it leaves beside the server.
struct AgentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Directory of this machine that jobs may use as a volume; may be repeated.",
            discussion: "Its files must be accessible to the users that tasks run as.", valueName: "directory"))
    var share: [String] = []

    @Option(
        help: ArgumentHelp(
            "GiB of the disk that images of containers may take.",
            discussion: "The least recently used go first; those in use stay whatever they take.", valueName: "gib"))
    var imageCache = 20

    @Option(
        help: ArgumentHelp(
            "Registry that is asked without TLS; may be repeated.",
            discussion: "Whoever runs a job chooses what is asked there.", valueName: "host:port"))
    var plainRegistry: [String] = []

    func validate() throws {
        guard (1...1_048_576).contains(imageCache) else {
            throw ValidationError("--image-cache is from 1 to 1048576 GiB.")
        }
        for registry in plainRegistry where (try? ImageReference("\(registry)/image"))?.registry != registry {
            throw ValidationError("--plain-registry '\(registry)' is not HOST or HOST:PORT.")
        }
    }

    /// The options as the agent is started with them.
    ///
    /// - Parameter directories: all that tasks may use as volumes, those of buckets and exports included.
    func arguments(openDirectories directories: [String]) -> [String] {
        directories.flatMap { ["--share", $0] } + ["--image-cache", String(imageCache)]
            + plainRegistry.flatMap { ["--plain-registry", $0] }
    }

    /// How the agent keeps images.
    func images(in directory: String) -> ImagesConfiguration {
        ImagesConfiguration(
            directory: directory, sizeLimit: imageCache << 30, plainRegistries: Set(plainRegistry))
    }
}
