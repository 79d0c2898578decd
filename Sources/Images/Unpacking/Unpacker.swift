import CLinux
import Glibc
import NIOCore

import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor

/// A run of landfall-unpack, which takes a layer piece by piece.
///
/// One task at a time writes and finishes.
struct Unpacker: Sendable {
    let pid: pid_t
    private let layer: FileDescriptor
    private let report: FileDescriptor

    /// Longer reports are cut.
    private static let longestReport = 4096

    /// Starts the program.
    ///
    /// - Parameter directory: an empty directory, which gets what is in the layer.
    /// - Throws: `ImageError`
    init(program: String, directory: String, limits: LayerLimits) throws {
        let layer = try Self.sockets()
        defer { try? layer.theirs.close() }
        let report: (ours: FileDescriptor, theirs: FileDescriptor)
        do {
            report = try Self.sockets()
        } catch {
            try? layer.ours.close()
            throw error
        }
        defer { try? report.theirs.close() }
        var pid: pid_t = 0
        let error = Self.spawn(
            &pid, [program, directory, String(limits.entries), String(limits.bytes)], input: layer.theirs,
            output: report.theirs)
        self.pid = pid
        self.layer = layer.ours
        self.report = report.ours
        guard error == 0 else {
            try? layer.ours.close()
            try? report.ours.close()
            throw Self.failure("\(program) cannot be started", error)
        }
    }

    /// Passes a piece of the layer on.
    ///
    /// - Returns: whether the program still wants more; if not, `finish` tells why.
    func write(_ piece: ByteBuffer) async throws -> Bool {
        let socket = layer.rawValue
        return try await blocking {
            piece.withUnsafeReadableBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let next = UnsafeRawBufferPointer(rebasing: rest)
                    let sent = send(socket, next.baseAddress, next.count, Int32(MSG_NOSIGNAL))
                    if sent < 0, errno == EINTR { continue }
                    guard sent > 0 else { return false }
                    rest = rest.dropFirst(sent)
                }
                return true
            }
        }
    }

    /// Ends the layer, and waits for the program's word. To be called once, and nothing after it.
    func finish() async throws -> UnpackReport {
        try await blocking {
            try? layer.close()
            return reap()
        }
    }

    /// Ends the program. To be called once, instead of `finish`.
    func stop() async {
        _ = try? await blocking {
            kill(pid, SIGKILL)
            try? layer.close()
            return reap()
        }
    }

    private func reap() -> UnpackReport {
        var text: [UInt8] = []
        while text.count < Self.longestReport {
            let part = try? [UInt8](unsafeUninitializedCapacity: 1024) { buffer, count in
                count = try report.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            guard let part, !part.isEmpty else { break }
            text += part
        }
        try? report.close()
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return UnpackReport(String(decoding: text, as: UTF8.self))
    }

    /// Who writes to a socket after the other has gone gets an error, and not a signal as with a pipe.
    private static func sockets() throws -> (ours: FileDescriptor, theirs: FileDescriptor) {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw failure("a socket cannot be made", errno) }
        return (FileDescriptor(rawValue: pair[0]), FileDescriptor(rawValue: pair[1]))
    }

    private static func spawn(
        _ pid: inout pid_t, _ words: [String], input: FileDescriptor, output: FileDescriptor
    ) -> Int32 {
        var strings = words.map { strdup($0) } + [nil]
        defer { strings.forEach { free($0) } }
        var options = clinux_spawn_options(input: input.rawValue, output: output.rawValue, new_session: false)
        return clinux_spawn(&pid, words[0], &strings, environ, &options)
    }

    private static func failure(_ what: String, _ error: Int32) -> ImageError {
        ImageError(.machine, "A layer cannot be unpacked: \(what): \(Errno(rawValue: error)).")
    }
}
