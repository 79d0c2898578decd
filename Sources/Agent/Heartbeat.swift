import Synchronization

/// When the other side of a connection was last heard of.
///
/// A connection can be dead without an end that its reader sees: the other process is stopped, or the transport has
/// lost the end. Whoever waits for a message therefore waits for the next beat, and no longer.
final class Heartbeat: Sendable {
    /// The other side said nothing for too long.
    struct Silence: Error, CustomStringConvertible {
        let limit: Duration
        var description: String { "Nothing was heard for \(limit)." }
    }

    private let last = Mutex(ContinuousClock.now)

    /// Notes that something was heard.
    func beat() { last.withLock { $0 = .now } }

    private var silence: Duration { ContinuousClock.now - last.withLock { $0 } }

    /// Does work for as long as beats come. After that it is cancelled and left behind: a dead connection may not
    /// even notice that.
    ///
    /// - Parameter limit: the longest time between two beats.
    /// - Throws: `Silence`, what the work throws, and `CancellationError`.
    func whileHeard(limit: Duration, _ work: @escaping @Sendable () async throws -> Void) async throws {
        beat()
        let outcomes = AsyncStream<Result<Void, any Error>>.makeStream()
        let worker = Task {
            do {
                try await work()
                outcomes.continuation.yield(.success(()))
            } catch { outcomes.continuation.yield(.failure(error)) }
        }
        let watch = Task {
            while silence < limit { try await Task.sleep(for: limit - silence) }
            outcomes.continuation.yield(.failure(Silence(limit: limit)))
        }
        defer {
            worker.cancel()
            watch.cancel()
        }
        for await outcome in outcomes.stream { return try outcome.get() }
        throw CancellationError()
    }
}
