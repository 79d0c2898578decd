import Foundation

/// The unprivileged account that a server started by root becomes.
public struct ServerAccount: Hashable, Sendable {
    /// Its user id.
    public var uid: uid_t
    /// Its group id.
    public var gid: gid_t

    /// Used when the machine offers no better one: ids that no distribution hands out, above those of tasks.
    private static let fallback = ServerAccount(uid: 0xF000_0000, gid: 0xF000_0000)

    /// The owner of the data directory when it exists and is not root's; else whoever called sudo, who can log in then;
    /// else the account `landfall`; else ids that belong to nobody.
    public static func choose(
        dataDirectory: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> ServerAccount {
        owner(of: dataDirectory) ?? sudoUser(environment) ?? account(named: "landfall") ?? fallback
    }

    private static func owner(of path: String) -> ServerAccount? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_uid != 0 else { return nil }
        return ServerAccount(uid: status.st_uid, gid: status.st_gid)
    }

    private static func account(named name: String) -> ServerAccount? {
        guard let entry = getpwnam(name) else { return nil }
        return ServerAccount(uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid)
    }

    private static func sudoUser(_ environment: [String: String]) -> ServerAccount? {
        guard let uid = environment["SUDO_UID"].flatMap(uid_t.init), uid != 0,
            let gid = environment["SUDO_GID"].flatMap(gid_t.init), gid != 0
        else { return nil }
        return ServerAccount(uid: uid, gid: gid)
    }

    /// Becomes this account for good: supplementary groups first, then the group, then the user. To be called before
    /// the process has a second thread: one that ends without having noticed would go on as root for everybody who
    /// looks at the process.
    ///
    /// - Throws: `ServerFailure` when anything of root is left.
    public func become() throws {
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
        guard threads == 1 else { throw ServerFailure("Cannot give up root: the process has \(threads) threads.") }
        // Called by root, setgid and setuid change the saved ids, too.
        guard setgroups(0, nil) == 0, setgid(gid) == 0, setuid(uid) == 0 else {
            throw ServerFailure("Cannot become user \(uid): \(String(cString: strerror(errno)))")
        }
        guard setuid(0) != 0, getuid() == uid, geteuid() == uid, getgid() == gid, getegid() == gid,
            getgroups(0, nil) == 0
        else { throw ServerFailure("User \(uid) still has root's rights.") }
    }
}

/// Why a server cannot start, in words for its owner.
public struct ServerFailure: Error, CustomStringConvertible {
    /// One sentence or more.
    public var description: String

    /// A failure in these words.
    public init(_ description: String) {
        self.description = description
    }
}
