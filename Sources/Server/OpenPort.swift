import Synchronization

/// The number of the server's port, once it is open.
final class OpenPort: Sendable {
    private struct State {
        var number: Int?
        var waiters: [CheckedContinuation<Int, Never>] = []
    }

    private let state: Mutex<State>

    /// - Parameter number: of a port that is open already.
    init(number: Int? = nil) {
        state = Mutex(State(number: number))
    }

    /// Tells all who wait.
    func open(_ number: Int) {
        let waiters = state.withLock { state in
            state.number = number
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: number) }
    }

    /// The number; waits until the port is open, which it is a moment after the sockets.
    func number() async -> Int {
        await withCheckedContinuation { waiter in
            let number = state.withLock { state in
                if state.number == nil { state.waiters.append(waiter) }
                return state.number
            }
            if let number { waiter.resume(returning: number) }
        }
    }
}
