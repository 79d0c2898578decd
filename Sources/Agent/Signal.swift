import Synchronization

/// Wakes one waiting task; a signal raised before anyone waits is not lost, several are one.
final class Signal: Sendable {
    private enum State {
        case lowered
        case raised
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.lowered)

    /// Wakes the waiting task, or the next one that waits.
    func raise() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard case .awaited(let waiter) = state else {
                state = .raised
                return nil
            }
            state = .lowered
            return waiter
        }
        waiter?.resume()
    }

    /// Waits for the signal and lowers it. Returns early when the task is cancelled. One task may wait at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let already = state.withLock { state in
                    if case .raised = state {
                        state = .lowered
                        return true
                    }
                    state = .awaited(waiter)
                    return false
                }
                if already { waiter.resume() }
            }
        } onCancel: {
            raise()
        }
    }
}
