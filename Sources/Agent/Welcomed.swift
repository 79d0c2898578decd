import Synchronization

/// The server's answer to a hello, once it has come.
final class Welcomed: Sendable {
    private let value = Mutex<UInt64?>(nil)
    private let arrived = Signal()

    /// The highest sequence number that the server had applied.
    var applied: UInt64? { value.withLock { $0 } }

    func set(_ applied: UInt64) {
        value.withLock { $0 = applied }
        arrived.raise()
    }

    /// - Throws: `CancellationError`.
    func wait() async throws -> UInt64 {
        while true {
            if let applied { return applied }
            await arrived.wait()
            try Task.checkCancellation()
        }
    }
}
