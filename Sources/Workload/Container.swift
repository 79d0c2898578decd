/// A container that a step runs: a Batch container runnable, or the container of a Cloud Run task.
public struct Container: Codable, Hashable, Sendable {
    /// The image, as it was asked for: `us-central1-docker.pkg.dev/demo/images/report:1`.
    public var image: String
    /// Replaces the image's entrypoint; nil: the image's. Replacing it drops the image's command.
    public var entrypoint: [String]?
    /// Replace the image's command; nil: the image's.
    public var arguments: [String]?
    /// Absolute path; nil: the image's.
    public var workingDirectory: String?
    /// Where volumes of the plan appear in the container.
    public var mounts: [VolumeMount]
    /// Nothing beyond the task can be reached, but for its own metadata server and Landfall.
    public var blocksExternalNetwork: Bool
    /// The user inside the container, by name or id, with a group after a colon; nil: the image's. Without meaning
    /// when the plan's user is an account: then the container runs with the ids of that.
    public var user: String?
    /// What is written to the root file system stays in memory, as part of the task's memory (Cloud Run), instead of on
    /// the node's disk (Batch).
    public var writesToMemory: Bool
    /// Who asks for the image; nil: the plan's `identity`, and nobody at registries that are not Landfall's.
    public var login: RegistryLogin?

    /// A container of an image with the image's own settings, unless told otherwise.
    public init(
        image: String, entrypoint: [String]? = nil, arguments: [String]? = nil, workingDirectory: String? = nil,
        mounts: [VolumeMount] = [], blocksExternalNetwork: Bool = false, user: String? = nil,
        writesToMemory: Bool = false, login: RegistryLogin? = nil
    ) {
        self.image = image
        self.entrypoint = entrypoint
        self.arguments = arguments
        self.workingDirectory = workingDirectory
        self.mounts = mounts
        self.blocksExternalNetwork = blocksExternalNetwork
        self.user = user
        self.writesToMemory = writesToMemory
        self.login = login
    }
}

/// Where a volume of the plan appears in a container.
public struct VolumeMount: Codable, Hashable, Sendable {
    /// The name of one of the plan's volumes.
    public var volume: String
    /// A path inside the volume, without `..`; empty for all of it.
    public var subpath: String
    /// Absolute path in the container.
    public var path: String
    /// The container cannot write to it.
    public var isReadOnly: Bool

    /// A volume at a path.
    public init(volume: String, subpath: String = "", path: String, isReadOnly: Bool = false) {
        self.volume = volume
        self.subpath = subpath
        self.path = path
        self.isReadOnly = isReadOnly
    }
}

/// The name and the password for a registry.
public struct RegistryLogin: Codable, Hashable, Sendable {
    /// One half of a login.
    public enum Text: Codable, Hashable, Sendable {
        /// As it stands in the job.
        case plain(String)
        /// Read as the job's account when the task starts.
        case secret(SecretReference)
    }

    /// The user's name.
    public var username: Text
    /// The user's password or token.
    public var password: Text

    /// A login of these parts.
    public init(username: Text, password: Text) {
        self.username = username
        self.password = password
    }
}
