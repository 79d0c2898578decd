import Foundation

extension DataLayout {
    /// Makes the directories that are missing, each with its owner and its mode. To be called as root.
    ///
    /// - Throws: `ServerFailure` when a directory cannot be made, or is somebody else's.
    public func prepare(for account: ServerAccount) throws {
        try Self.makeParents(of: root)
        try Self.make(root, mode: 0o755, account)
        try Self.make(stateDirectory, mode: 0o700, account)
        try Self.make(authorityDirectory, mode: 0o755, account)
        try Self.make(socketDirectory, mode: 0o700, account)
        try Self.make(agentDirectory, mode: 0o700, ServerAccount(uid: 0, gid: 0))
        try checkReachable(by: account)
    }

    private static func makeParents(of path: String) throws {
        let parent = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        } catch {
            throw ServerFailure("Cannot make \(parent): \(error.localizedDescription)")
        }
    }

    /// Makes one directory, or takes the one that is there if it is a directory and its owner is right. The
    /// server's account owns the root, and could have put a link in a directory's place.
    private static func make(_ path: String, mode: mode_t, _ account: ServerAccount) throws {
        func failure(_ what: String) -> ServerFailure {
            ServerFailure("\(what) \(path): \(String(cString: strerror(errno)))")
        }
        let isNew = mkdir(path, mode) == 0
        guard isNew || errno == EEXIST else { throw failure("Cannot make") }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("Cannot open") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("Cannot look at") }
        let isEmptyOfRoot = status.st_uid == 0 && (isNew || account.uid != 0)
        guard isNew || status.st_uid == account.uid || isEmptyOfRoot else {
            throw ServerFailure("\(path) belongs to user \(status.st_uid), not to user \(account.uid).")
        }
        guard fchown(descriptor, account.uid, account.gid) == 0, fchmod(descriptor, mode) == 0 else {
            throw failure("Cannot hand over")
        }
    }

    /// An unprivileged server must be able to get to its data: a home directory of root's is closed to it.
    private func checkReachable(by account: ServerAccount) throws {
        var path = (root as NSString).deletingLastPathComponent
        while path != "/" {
            var status = stat()
            guard stat(path, &status) == 0 else { throw ServerFailure("Cannot look at \(path).") }
            let bits: mode_t =
                status.st_uid == account.uid ? 0o100 : status.st_gid == account.gid ? 0o010 : 0o001
            guard status.st_mode & bits != 0 else {
                throw ServerFailure(
                    "The server runs as user \(account.uid), to whom \(path) is closed. "
                        + "Choose another data directory with --data, such as /var/lib/landfall.")
            }
            path = (path as NSString).deletingLastPathComponent
        }
    }
}
