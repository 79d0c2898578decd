/// The directories of the nodes that their operator has opened to tasks, for reading and writing.
public struct HostDirectories: Codable, Hashable, Sendable {
    /// Absolute paths; what lies below them is open, too.
    public var open: [String]
    /// Directories that stand for buckets of Cloud Storage, by the bucket's name. They are open as well.
    public var buckets: [String: String]
    /// Directories at which the nodes have mounted what other machines export, by `SERVER:/PATH`. They are open as well.
    public var exports: [String: String]

    /// Nothing is open unless said otherwise.
    public init(open: [String] = [], buckets: [String: String] = [:], exports: [String: String] = [:]) {
        self.open = open
        self.buckets = buckets
        self.exports = exports
    }

    /// All that are open.
    public var all: [String] { open + buckets.values.sorted() + exports.values.sorted() }

    /// Whether a path is one of the directories, or below one.
    public func contains(_ path: String) -> Bool {
        Self.isPlain(path) && all.contains { Self.lies(path, in: $0) }
    }

    /// The directory that stands for a bucket, or for a directory in it.
    ///
    /// - Parameter remotePath: `BUCKET` or `BUCKET/DIRECTORY`.
    /// - Returns: nil when nothing stands for the bucket, or the path is not a plain one.
    public func directory(ofBucket remotePath: String) -> String? {
        let parts = remotePath.split(separator: "/", maxSplits: 1).map(String.init)
        guard let bucket = parts.first, let directory = buckets[bucket] else { return nil }
        return Self.path(parts.count > 1 ? parts[1] : "", in: directory)
    }

    /// The directory that an NFS volume means: where the nodes have mounted it, or, of the node itself, an open one.
    ///
    /// - Returns: nil when there is none.
    public func directory(ofExport path: String, from server: String) -> String? {
        guard Self.isPlain(path) else { return nil }
        // A node needs no NFS for its own directories.
        if ["localhost", "127.0.0.1", "::1"].contains(server) { return contains(path) ? path : nil }
        let found = exports.filter { Self.lies("\(server):\(path)", in: $0.key) }.max { $0.key.count < $1.key.count }
        return found.flatMap { Self.path(String(path.dropFirst($0.key.count - server.count - 1)), in: $0.value) }
    }

    private static func path(_ rest: String, in directory: String) -> String? {
        let path = ([directory] + rest.split(separator: "/").map(String.init)).joined(separator: "/")
        return isPlain(path) ? path : nil
    }

    /// Whether a path is a directory, or lies below it.
    public static func lies(_ path: String, in directory: String) -> Bool {
        path == directory || path.hasPrefix(directory == "/" ? "/" : directory + "/")
    }

    /// Absolute and at most 4,095 bytes, without empty parts, `.`, `..` and control characters.
    public static func isPlain(_ path: String) -> Bool {
        guard path.hasPrefix("/"), path.utf8.count < 4096, path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            return false
        }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return path == "/" || parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}
