import Foundation

/// A file that a verb is given, or standard input.
struct InputFile {
    /// The path; `-` for standard input.
    let path: String

    /// A file that is larger is not what it was taken for, in bytes.
    private static let largest = 16 << 20

    /// All that is in it.
    func contents() throws -> Data {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable }
        defer { if path != "-" { close(descriptor) } }
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw unreadable }
            guard count > 0 else { return data }
            data.append(contentsOf: buffer[..<count])
            guard data.count <= Self.largest else {
                throw CommandFailure("'\(path)' is larger than \(Self.largest >> 20) MiB.")
            }
        }
    }

    private var unreadable: CommandFailure {
        CommandFailure("Cannot read '\(path)': \(String(cString: strerror(errno)))")
    }
}
