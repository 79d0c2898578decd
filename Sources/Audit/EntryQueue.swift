import Logbook
import Synchronization

/// Entries that wait to be written: bounded, so that a disk that is slow or full costs entries, never memory or calls.
final class EntryQueue: Sendable {
    private struct State {
        var entries: [LogEntry] = []
        var bytes = 0
        var dropped = 0
        var waiting: CheckedContinuation<Void, Never>?
        var isClosed = false
    }

    private let most: (entries: Int, bytes: Int)
    private let state = Mutex(State())

    /// - Parameters:
    ///   - entries: how many may wait.
    ///   - bytes: how long they may be together, about.
    init(entries: Int = 10_000, bytes: Int = 16 << 20) {
        most = (entries, bytes)
    }

    /// Adds an entry, or counts it as dropped; never waits.
    func add(_ entry: LogEntry) {
        let size = entry.protoPayload.value.count + 500
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.entries.count < most.entries, state.bytes + size <= most.bytes else {
                state.dropped += 1
                return nil
            }
            state.entries.append(entry)
            state.bytes += size
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    /// Counts entries that nobody will write.
    func drop(_ count: Int) {
        state.withLock { $0.dropped += count }
    }

    /// Takes all entries; waits for the first. Empty when the task is cancelled and nothing is left.
    func take() async -> [LogEntry] {
        await waitForEntries()
        return state.withLock { state in
            defer { (state.entries, state.bytes) = ([], 0) }
            return state.entries
        }
    }

    /// How many were dropped since this was last asked.
    func takeDropped() -> Int {
        state.withLock { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
    }

    private func waitForEntries() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if !state.entries.isEmpty || state.isClosed { return true }
                    state.waiting = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                state.isClosed = true
                defer { state.waiting = nil }
                return state.waiting
            }
            waiting?.resume()
        }
    }
}
