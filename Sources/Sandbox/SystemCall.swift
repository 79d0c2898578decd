import CSandbox
import Dispatch
import Glibc
import SystemPackage

/// Turns a negative errno value of a C function into an error that says what was being done.
@discardableResult
func checked(_ result: Int32, _ doing: @autoclosure () -> String) throws -> Int32 {
    guard result < 0 else { return result }
    throw SandboxError("cannot \(doing())", errno: -result)
}

/// Turns −1 with `errno` into an error that says what was being done.
@discardableResult
func checkedErrno(_ result: Int32, _ doing: @autoclosure () -> String) throws -> Int32 {
    guard result < 0 else { return result }
    throw SandboxError("cannot \(doing())", errno: errno)
}

/// The system's words for an errno value.
func describe(_ error: Int32) -> String { Errno(rawValue: error).description }

/// Runs blocking work on a thread that is not one of Swift concurrency's few.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result(catching: work))
        }
    }
}

/// Files of the kernel and of this host, read and written whole.
enum TextFile {
    /// The content, up to 1 MiB, or nil when it cannot be read.
    static func read(_ path: String) -> String? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return nil }
        return try? file.closeAfter { try read(file) }
    }

    /// The content of a file of the directory, or nil.
    static func read(in directory: FileDescriptor, _ name: String) -> String? {
        let raw = openat(directory.rawValue, name, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { return nil }
        let file = FileDescriptor(rawValue: raw)
        return try? file.closeAfter { try read(file) }
    }

    private static func read(_ file: FileDescriptor) throws -> String {
        var bytes: [UInt8] = []
        while bytes.count < 1 << 20 {
            let part = try [UInt8](unsafeUninitializedCapacity: 16384) { buffer, count in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if part.isEmpty { break }
            bytes += part
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes to a file that exists, as settings of the kernel do.
    static func write(_ text: String, to path: String) throws {
        do {
            let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: .closeOnExec)
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
        } catch let error as Errno {
            throw SandboxError("cannot write \(path): \(error)")
        }
    }

    /// Writes to a file of the directory that exists.
    static func write(_ text: String, in directory: FileDescriptor, _ name: String) throws {
        let raw = try checkedErrno(openat(directory.rawValue, name, O_WRONLY | O_CLOEXEC), "open \(name)")
        let file = FileDescriptor(rawValue: raw)
        do {
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
        } catch let error as Errno {
            throw SandboxError("cannot write \(text) to \(name): \(error)")
        }
    }

    /// Makes a new file of the directory.
    static func create(_ text: String, in directory: FileDescriptor, _ name: String, mode: mode_t = 0o644) throws {
        let raw = openat(directory.rawValue, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        let file = FileDescriptor(rawValue: try checkedErrno(raw, "create \(name)"))
        do {
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
        } catch let error as Errno {
            throw SandboxError("cannot write \(name)", errno: error.rawValue)
        }
    }
}

/// Directories, held by descriptor.
enum Directory {
    /// Opens a directory that is not a link.
    static func open(_ path: String, in parent: FileDescriptor? = nil) throws -> FileDescriptor {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        return FileDescriptor(
            rawValue: try checkedErrno(openat(parent?.rawValue ?? AT_FDCWD, path, flags), "open \(path)"))
    }

    /// Makes a directory with exactly this mode; one that exists stays as it is.
    static func make(_ path: String, in parent: FileDescriptor? = nil, mode: mode_t = 0o755) throws {
        let place = parent?.rawValue ?? AT_FDCWD
        guard mkdirat(place, path, mode) < 0 else {
            try checkedErrno(fchmodat(place, path, mode, 0), "set the mode of \(path)")
            return
        }
        guard errno == EEXIST else { throw SandboxError("cannot make \(path)", errno: errno) }
    }

    /// The names in a directory; none when it cannot be read.
    static func names(_ path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        return names(stream)
    }

    /// The names in a directory below another.
    static func names(in parent: FileDescriptor, _ path: String) throws -> [String] {
        let directory = try open(path, in: parent)
        guard let stream = fdopendir(directory.rawValue) else {
            try? directory.close()
            return []
        }
        return names(stream)
    }

    private static func names(_ stream: OpaquePointer) -> [String] {
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
