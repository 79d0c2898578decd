import Foundation

/// A file that stays open for as long as anybody needs it.
final class OpenFile: Sendable {
    let path: String
    private let descriptor: Int32

    /// Opens a file for reading.
    ///
    /// - Throws: `CommandFailure`
    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else {
            throw CommandFailure("Cannot read '\(path)': \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// The file's length in bytes.
    var length: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// These bytes, or fewer at the end of the file.
    ///
    /// - Throws: `CommandFailure`
    func read(at offset: Int, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let length = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
                if length < 0, errno == EINTR { continue }
                guard length >= 0 else {
                    throw CommandFailure("Cannot read '\(path)': \(String(cString: strerror(errno)))")
                }
                if length == 0 { break }
                filled += length
            }
        }
    }
}

/// A part of a file: a whole one of a directory, or an entry of an archive.
struct FilePart: Sendable {
    let file: OpenFile
    let offset: Int
    let length: Int

    /// Bytes of it, from an offset within it.
    func read(at offset: Int, count: Int) throws -> [UInt8] {
        try file.read(at: self.offset + offset, count: min(count, length - offset))
    }

    /// All of it, where it is a document and not a layer.
    func document() throws -> [UInt8] {
        guard length <= Self.longestDocument else {
            throw CommandFailure("'\(file.path)' has a document of \(length) bytes, which is none of an image's.")
        }
        return try read(at: 0, count: length)
    }

    private static let longestDocument = 8 << 20
}
