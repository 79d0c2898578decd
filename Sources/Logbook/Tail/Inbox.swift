import Foundation
import Synchronization

/// New entries that one tail has not read yet.
final class Inbox: Sendable {
    /// At most so many entries wait for a slow reader, of about so many bytes.
    private static let most = (entries: 10_000, bytes: 32 << 20)

    private struct State {
        var selection: TailSelection
        var entries: [LogEntry] = []
        var bytes = 0
        var suppressed = 0
        var isClosed = false
        var waiting: CheckedContinuation<Void, Never>?

        mutating func wake() -> CheckedContinuation<Void, Never>? {
            defer { waiting = nil }
            return waiting
        }
    }

    private let state: Mutex<State>

    init(_ selection: TailSelection) { state = Mutex(State(selection: selection)) }

    var selection: TailSelection {
        get { state.withLock(\.selection) }
        set { state.withLock { $0.selection = newValue } }
    }

    func deliver(_ entries: [LogEntry]) {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            let wanted = entries.filter { entry in
                LogName(entry.logName).map { name in state.selection.views.contains { $0.shows(name) } } ?? false
            }
            guard !wanted.isEmpty, !state.isClosed else { return nil }
            for entry in wanted {
                let size = entry.approximateSize
                guard state.entries.count < Self.most.entries, state.bytes + size <= Self.most.bytes else {
                    state.suppressed += 1
                    continue
                }
                state.entries.append(entry)
                state.bytes += size
            }
            return state.wake()
        }
        waiting?.resume()
    }

    /// Takes all entries; waits for the first. Nil when the task is cancelled.
    func take() async -> (entries: [LogEntry], suppressed: Int, filter: LogFilter)? {
        await waitForEntries()
        let window = selection.window
        if window > .zero { try? await Task.sleep(for: window) }
        guard !Task.isCancelled else { return nil }
        return state.withLock { state in
            defer { (state.entries, state.bytes, state.suppressed) = ([], 0, 0) }
            return (state.entries, state.suppressed, state.selection.filter)
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
            state.withLock { state in
                state.isClosed = true
                return state.wake()
            }?.resume()
        }
    }
}

extension LogEntry {
    /// The size of an entry in bytes, on the wire or in memory, without the labour of serializing a text.
    public var approximateSize: Int {
        if case .textPayload(let text) = payload { return text.utf8.count + 1000 }
        return (try? serializedData().count) ?? 0
    }
}
