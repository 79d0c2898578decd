import Images
import Sandbox
import Workload

/// What a container is started as: the step's wishes over those of its image.
struct ContainerLaunch {
    let container: Container
    let image: ImageConfiguration
    let layers: [String]

    /// The container, as the sandbox has it.
    ///
    /// - Throws: `ImageRefusal` when there is nothing to execute.
    var spec: ContainerSpec {
        get throws {
            guard !arguments.isEmpty else {
                throw ImageRefusal(
                    description:
                        "The image \(container.image) has neither an entrypoint nor a command, and the step none.")
            }
            return ContainerSpec(
                layers: layers, arguments: arguments, workingDirectory: workingDirectory,
                user: container.user ?? image.user, mounts: container.mounts.map(ContainerSpec.Mount.init),
                writesToMemory: container.writesToMemory, blocksExternalNetwork: container.blocksExternalNetwork)
        }
    }

    /// An entrypoint of the step's drops the image's command, since that was made for the image's own.
    private var arguments: [String] {
        (container.entrypoint ?? image.entrypoint)
            + (container.arguments ?? (container.entrypoint == nil ? image.command : []))
    }

    private var workingDirectory: String {
        if let wanted = container.workingDirectory { return wanted }
        return image.workingDirectory.hasPrefix("/") ? image.workingDirectory : "/\(image.workingDirectory)"
    }
}

extension ContainerSpec.Mount {
    fileprivate init(_ mount: VolumeMount) {
        self.init(volume: mount.volume, subpath: mount.subpath, path: mount.path, isReadOnly: mount.isReadOnly)
    }
}
