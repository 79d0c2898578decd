/// Whom the steps of a task run as.
public enum TaskUser: Codable, Hashable, Sendable {
    /// Root of the task's own user namespace; nobody on the host.
    case root
    /// An OS Login account, with the same numeric id inside and outside of the task.
    case account(PosixAccount)
}

/// A POSIX account that tasks run as: in Landfall's state and in the tasks, and in the host's `/etc/passwd` only when the
/// site has given it.
public struct PosixAccount: Codable, Hashable, Sendable {
    /// At most 32 characters of `[A-Za-z0-9._-]`.
    public var username: String
    /// At least 1000.
    public var uid: UInt32
    /// The account's one group, which bears its name.
    public var gid: UInt32
    /// Absolute path of the home directory, as the task sees it.
    public var home: String
    /// Absolute path of the login shell.
    public var shell: String

    /// An account of these parts.
    public init(username: String, uid: UInt32, gid: UInt32, home: String, shell: String = "/bin/bash") {
        self.username = username
        self.uid = uid
        self.gid = gid
        self.home = home
        self.shell = shell
    }
}
