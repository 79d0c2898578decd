import Glibc

/// Makes sure that whoever listens at a Unix socket is the account that should.
///
/// The agent is root and does what the server says: nobody else may put a socket in the server's place.
struct SocketCheck: Sendable {
    let path: String
    /// Who must own the socket and its directory.
    let owner: UInt32

    /// Why the socket cannot be dialled.
    struct Failure: Error, Hashable, CustomStringConvertible {
        var description: String
        /// There is no socket yet, or no more: the server is away.
        var isAbsent: Bool
    }

    /// - Throws: `Failure`.
    func verify() throws(Failure) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let parent = try status(of: directory.isEmpty ? "/" : directory)
        guard parent.st_mode & S_IFMT == S_IFDIR, parent.st_uid == owner, parent.st_mode & 0o022 == 0 else {
            throw Failure(
                description: "\(directory) must be a directory of user \(owner) that nobody else can write to.",
                isAbsent: false)
        }
        let socket = try status(of: path)
        guard socket.st_mode & S_IFMT == S_IFSOCK, socket.st_uid == owner else {
            throw Failure(description: "\(path) must be a socket of user \(owner).", isAbsent: false)
        }
    }

    private func status(of path: String) throws(Failure) -> stat {
        var result = stat()
        guard lstat(path, &result) == 0 else {
            throw Failure(description: "\(path): \(String(cString: strerror(errno)))", isAbsent: errno == ENOENT)
        }
        return result
    }
}
