import Glibc
import SystemPackage

extension AgentDirectory {
    /// The agent's log is shortened when it is longer than this, in bytes.
    static let longestLog = 1 << 20

    /// Shortens a log that has become long: its end becomes `agent.log.1`, in place of an earlier one, and it begins
    /// anew. Whoever has it open for appending goes on in the same file; what they write at that moment may be lost.
    ///
    /// - Parameter longest: how long the log may be, and what is kept of it, in bytes.
    /// - Throws: `FleetError`.
    borrowing func shortenLog(to longest: Int = longestLog) throws {
        let log = try openFile("agent.log", O_RDWR)
        defer { try? log.close() }
        var status = stat()
        guard fstat(log.rawValue, &status) == 0, status.st_size > longest else { return }
        let older = try openFile("agent.log.1", O_WRONLY | O_TRUNC)
        defer { try? older.close() }
        // Without room for the older log there is all the more reason to shorten this one.
        try? Self.copy(log, from: Int64(status.st_size) - Int64(longest), to: older)
        guard ftruncate(log.rawValue, 0) == 0 else { throw FleetError("The agent's log cannot be shortened", errno) }
    }

    private static func copy(_ source: FileDescriptor, from start: Int64, to target: FileDescriptor) throws {
        var position = start
        while true {
            let part = try [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
                count = try source.read(fromAbsoluteOffset: position, into: UnsafeMutableRawBufferPointer(buffer))
            }
            guard !part.isEmpty else { return }
            try target.writeAll(part)
            position += Int64(part.count)
        }
    }
}
