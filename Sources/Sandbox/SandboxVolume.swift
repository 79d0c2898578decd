/// Files that what runs in a sandbox shares, or that outlive it.
public struct SandboxVolume: Hashable, Sendable {
    /// Unique in the sandbox.
    public var name: String
    /// What is in it.
    public var source: Source
    /// Where scripts see it: absolute; for scripts of an account below /mnt, /media or /srv. nil: they do not.
    public var path: String?
    /// Nobody in the sandbox can write to it.
    public var isReadOnly: Bool

    /// What is in a volume.
    public enum Source: Hashable, Sendable {
        /// Nothing at first; counts as the sandbox's memory. nil: as much of it as the sandbox may have.
        case memory(limitMiB: Int?)
        /// Nothing at first; on the disk of the sandboxes.
        case disk
        /// A directory of the host. Whoever opens the sandbox has checked that it may be shown; no part of its path may
        /// be a link.
        case directory(path: String)
        /// These files, in memory, which only the sandbox's user can read, as their modes say.
        case files([File])
    }

    /// A file of a volume.
    public struct File: Hashable, Sendable {
        /// Relative, without `..`.
        public var path: String
        /// What is in it.
        public var content: [UInt8]
        /// Permission bits.
        public var mode: UInt16

        /// A file of these parts.
        public init(path: String, content: [UInt8], mode: UInt16 = 0o444) {
            self.path = path
            self.content = content
            self.mode = mode
        }
    }

    /// A volume that can be written to, unless told otherwise.
    public init(name: String, source: Source, path: String? = nil, isReadOnly: Bool = false) {
        self.name = name
        self.source = source
        self.path = path
        self.isReadOnly = isReadOnly
    }
}
