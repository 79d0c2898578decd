import Synchronization

/// A counting semaphore whose waiting tasks are suspended, first come, first served.
final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var waiting: [FirstOutcome<Void>] = []
    }

    private let state: Mutex<State>

    /// - Parameter count: how many tasks go ahead at once.
    init(_ count: Int) { state = Mutex(State(free: count)) }

    /// Waits for a turn, which `signal` gives back.
    ///
    /// - Throws: `CancellationError`; then there is nothing to be given back.
    func wait() async throws {
        let turn = FirstOutcome<Void>()
        state.withLock { state in
            guard state.free == 0 else {
                state.free -= 1
                turn.settle(.success(()))
                return
            }
            // Who has left the line is not kept in it.
            state.waiting.removeAll(where: \.isSettled)
            state.waiting.append(turn)
        }
        try await turn.value()
    }

    /// Gives a turn back, to the first in line.
    func signal() {
        state.withLock { state in
            while !state.waiting.isEmpty {
                if state.waiting.removeFirst().settle(.success(())) { return }
            }
            state.free += 1
        }
    }
}
