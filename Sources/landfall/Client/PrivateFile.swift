import Foundation

/// Files that only their owner may read.
enum PrivateFile {
    /// Writes a file whole or not at all, with mode 0600 from its first byte on.
    static func write(_ data: Data, to url: URL) throws {
        let temporary = url.path + ".\(ProcessInfo.processInfo.processIdentifier)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("Cannot write \(temporary): \(String(cString: strerror(errno)))")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: data)
        try handle.close()
        guard rename(temporary, url.path) == 0 else {
            throw CommandFailure("Cannot write \(url.path): \(String(cString: strerror(errno)))")
        }
    }
}
