import Glibc

/// The file of a Unix socket: it appears under its name only once its owner alone can open it.
///
/// The server binds to a name in a directory that nobody else can enter, `publish` sets the mode and moves the
/// socket to its place.
struct UnixSocket: Sendable {
    let path: String
    let temporaryPath: String
    private let directory: String

    /// - Throws: when the path is too long, taken by something else than a socket, or served by another process.
    init(path: String) throws {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let template = parent + "/.XXXXXX"
        guard max(path.utf8.count, template.utf8.count + 2) < Self.maximumPath else {
            throw UnixSocketError.pathTooLong(path)
        }
        try Self.checkIsFree(path)
        var name = Array(template.utf8CString)
        guard mkdtemp(&name) != nil else { throw UnixSocketError.system("create a directory in \(parent)", errno) }
        self.path = path
        directory = name.withUnsafeBufferPointer { String(decoding: $0.dropLast().map(UInt8.init), as: UTF8.self) }
        temporaryPath = directory + "/s"
    }

    /// Makes the listening socket reachable, in place of a stale one.
    func publish() throws {
        guard chmod(temporaryPath, 0o600) == 0, rename(temporaryPath, path) == 0 else {
            throw UnixSocketError.system("publish \(path)", errno)
        }
    }

    /// Removes what is left of the preparation.
    func discard() {
        unlink(temporaryPath)
        rmdir(directory)
    }

    /// Removes the published socket, after its server has stopped.
    func remove() {
        unlink(path)
    }

    private static let maximumPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

    private static func checkIsFree(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw UnixSocketError.notASocket(path) }
        guard !isServed(path) else { throw UnixSocketError.inUse(path) }
    }

    private static func isServed(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}

/// Why a Unix socket cannot be listened on.
public enum UnixSocketError: Error, Equatable, CustomStringConvertible {
    /// The kernel takes paths of up to 107 bytes.
    case pathTooLong(String)
    /// The path is something else, which is left alone.
    case notASocket(String)
    /// Another process answers there.
    case inUse(String)
    /// What was tried, and `errno`.
    case system(String, Int32)

    /// One line for the operator.
    public var description: String {
        switch self {
        case .pathTooLong(let path): "the path of the socket is too long: \(path)"
        case .notASocket(let path): "\(path) exists and is not a socket"
        case .inUse(let path): "another process serves \(path)"
        case .system(let action, let code): "could not \(action): \(String(cString: strerror(code)))"
        }
    }
}
