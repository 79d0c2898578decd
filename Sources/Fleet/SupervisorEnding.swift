import Dispatch
import Glibc
import Synchronization

/// Tells a supervisor to end its worker and itself.
public final class SupervisorEnding: Sendable {
    private struct State {
        var worker: ChildProcess?
        var isStopped = false
    }

    private let state = Mutex(State())
    private let stopped = DispatchSemaphore(value: 0)

    /// Not told yet.
    public init() {}

    /// Sends the worker SIGTERM and starts no other.
    public func stop() {
        state.withLock { state in
            state.isStopped = true
            // Not reaped yet: the pid is the worker's.
            if let worker = state.worker { kill(worker.pid, SIGTERM) }
        }
        stopped.signal()
    }

    /// Starts a worker unless told to stop.
    func start(_ start: () throws -> ChildProcess) throws -> ChildProcess? {
        try state.withLock { state in
            guard !state.isStopped else { return nil }
            let worker = try start()
            state.worker = worker
            return worker
        }
    }

    /// Takes the status of a worker that has ended; nil once told to stop.
    func reap(_ worker: ChildProcess) -> Int32? {
        state.withLock { state in
            state.worker = nil
            let status = worker.reap()
            return state.isStopped ? nil : status
        }
    }

    /// Waits, and returns early with true once told to stop.
    func waits(_ pause: Duration) -> Bool {
        let (seconds, attoseconds) = pause.components
        let time = DispatchTime.now() + .seconds(Int(seconds)) + .nanoseconds(Int(attoseconds / 1_000_000_000))
        return stopped.wait(timeout: time) == .success
    }
}
