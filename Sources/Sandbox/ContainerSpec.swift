/// A container to start in a sandbox.
public struct ContainerSpec: Hashable, Sendable {
    /// The image's layers, lowest first: directories below `HostSandboxes.Configuration.imageDirectory`, whose files have
    /// the owners, 0 to 65535, and the white-outs of overlay file systems. 1 to 500.
    public var layers: [String]
    /// The program, by path or by name in `PATH`, and its arguments. Not empty.
    public var arguments: [String]
    /// Absolute; made if the image has none such.
    public var workingDirectory: String
    /// Whom it runs as in a sandbox of root: a name or id of the image's own, and after a colon a group; empty or
    /// unknown: root.
    public var user: String
    /// Where volumes of the sandbox appear.
    public var mounts: [Mount]
    /// What it writes to its root counts as its memory, and else lies on the disk of the sandboxes.
    public var writesToMemory: Bool
    /// It reaches nothing but the sandbox's own addresses.
    public var blocksExternalNetwork: Bool

    /// Describes a container; `start` checks it.
    public init(
        layers: [String], arguments: [String], workingDirectory: String = "/", user: String = "",
        mounts: [Mount] = [], writesToMemory: Bool = false, blocksExternalNetwork: Bool = false
    ) {
        self.layers = layers
        self.arguments = arguments
        self.workingDirectory = workingDirectory
        self.user = user
        self.mounts = mounts
        self.writesToMemory = writesToMemory
        self.blocksExternalNetwork = blocksExternalNetwork
    }

    /// Where a volume appears in a container.
    public struct Mount: Hashable, Sendable {
        /// The name of one of the sandbox's volumes.
        public var volume: String
        /// A directory in the volume, relative, without `..` and links; empty for all of it. It is made if it is missing.
        public var subpath: String
        /// Absolute.
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
}
