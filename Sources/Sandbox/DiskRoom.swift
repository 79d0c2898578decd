import Glibc
import SystemPackage

/// How much there is on a disk, and how much of it is free.
public struct DiskRoom: Hashable, Sendable {
    /// Of one of the things that a disk can run out of.
    public struct Share: Hashable, Sendable {
        /// All there is; 0 where there is no limit.
        public var total: UInt64
        /// What users other than root may take.
        public var free: UInt64

        /// Of so much, so much.
        public init(total: UInt64, free: UInt64) {
            self.total = total
            self.free = free
        }
    }

    /// Of its space.
    public var bytes: Share
    /// Files and directories; a total of 0 where the file system sets no limit.
    public var files: Share

    /// Of bytes and of files.
    public init(bytes: Share, files: Share) {
        self.bytes = bytes
        self.files = files
    }

    /// Of the disk that a file is on; nil when the system does not say.
    init?(of file: FileDescriptor) {
        var status = statvfs()
        guard fstatvfs(file.rawValue, &status) == 0 else { return nil }
        let block = UInt64(status.f_frsize)
        bytes = Share(total: UInt64(status.f_blocks) * block, free: UInt64(status.f_bavail) * block)
        files = Share(total: UInt64(status.f_files), free: UInt64(status.f_favail))
    }
}

/// What of a disk a sandbox takes.
public struct DiskUse: Hashable, Sendable {
    /// In blocks that are really allocated.
    public var bytes: UInt64
    /// Files, directories and links.
    public var files: UInt64
    /// Whether all was counted: there are bounds to how many entries are looked at, and how deep, and files can be hidden
    /// in sockets.
    public var isComplete: Bool

    /// A use, by default counted to the end.
    public init(bytes: UInt64, files: UInt64, isComplete: Bool = true) {
        self.bytes = bytes
        self.files = files
        self.isComplete = isComplete
    }
}
