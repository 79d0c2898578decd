import CLinux
import Glibc
import SystemPackage

/// An eventfd: wakes a thread that waits in epoll.
final class Waker: Sendable {
    /// Readable while a wake-up is pending.
    let descriptor: FileDescriptor

    /// - Throws: `Errno` when the process has no descriptor left.
    init() throws {
        let raw = clinux_event_create()
        guard raw >= 0 else { throw Errno(rawValue: errno) }
        descriptor = FileDescriptor(rawValue: raw)
    }

    deinit {
        try? descriptor.close()
    }

    /// Wakes the thread.
    func wake() {
        // Fails only when a wake-up is pending already.
        var one: UInt64 = 1
        _ = write(descriptor.rawValue, &one, 8)
    }

    /// Takes the pending wake-up.
    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor.rawValue, &count, 8)
    }
}
