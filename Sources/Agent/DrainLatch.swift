import Synchronization

/// Tells when all the pipes of an attempt have been read to their ends.
final class DrainLatch: Sendable {
    private let open = Mutex(0)
    private let empty = Signal()

    /// Counts one more pipe.
    func enter() {
        open.withLock { $0 += 1 }
    }

    /// Counts one pipe less.
    func leave() {
        let none = open.withLock {
            $0 -= 1
            return $0 == 0
        }
        if none { empty.raise() }
    }

    /// Waits until no pipe is open. No pipe may be added once this is called.
    func wait() async {
        while open.withLock({ $0 > 0 }) { await empty.wait() }
    }
}
