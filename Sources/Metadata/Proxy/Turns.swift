import Synchronization

/// Lets so many of a task's connections go ahead at once; the others wait in line.
final class Turns: Sendable {
    private struct State {
        var free: Int
        var waiting: [FirstOutcome<Void>] = []
    }

    private let state: Mutex<State>

    /// - Parameter count: how many go ahead at once.
    init(_ count: Int) { state = Mutex(State(free: count)) }

    /// Waits for a turn, which is to be given back.
    ///
    /// - Throws: `CancellationError`; then there is nothing to be given back.
    func take() async throws {
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
    func give() {
        state.withLock { state in
            while !state.waiting.isEmpty {
                if state.waiting.removeFirst().settle(.success(())) { return }
            }
            state.free += 1
        }
    }
}
