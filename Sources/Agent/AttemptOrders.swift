import Synchronization

/// What happens to a running attempt, in order: from its processes, its timers and the server.
final class AttemptOrders: Sendable {
    let events: AsyncStream<AttemptMachine.Event>
    private let continuation: AsyncStream<AttemptMachine.Event>.Continuation
    private let stopped = Atomic(false)

    init() {
        // Bounded by what there is to tell: a few events for each step.
        (events, continuation) = AsyncStream.makeStream()
    }

    /// The server wants the attempt ended.
    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    /// Ends the attempt: SIGTERM now, SIGKILL after `grace`.
    func stop(grace: Duration) {
        stopped.store(true, ordering: .releasing)
        post(.stop(grace: grace))
    }

    func post(_ event: AttemptMachine.Event) {
        continuation.yield(event)
    }
}
