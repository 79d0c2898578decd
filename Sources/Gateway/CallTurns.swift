import Collections
import Synchronization

/// Bounds how many calls of one caller are carried out at a time; more wait in line, in their order, and nobody
/// else's wait with them. Thousands of calls at once then cost their caller time, not others.
final class CallTurns: Sendable {
    fileprivate struct Line {
        var running = 0
        var waiting: Deque<CheckedContinuation<Void, Never>> = []
    }

    private let limit: Int
    /// By caller; those without a call are absent.
    private let lines = Mutex<[String: Line]>([:])

    init(limit: Int) {
        self.limit = limit
    }

    /// Carries out a call when its turn has come.
    ///
    /// - Throws: what the call throws; `CancellationError` when it was cancelled in line.
    func run<Result>(for caller: String, _ body: () async throws -> Result) async throws -> Result {
        await enter(caller)
        defer { leave(caller) }
        try Task.checkCancellation()
        return try await body()
    }

    private func enter(_ caller: String) async {
        guard !lines.withLock({ $0.enter(caller, limit) }) else { return }
        await withCheckedContinuation { continuation in
            let isIn = lines.withLock { lines in
                if lines.enter(caller, limit) { return true }
                lines[caller]?.waiting.append(continuation)
                return false
            }
            if isIn { continuation.resume() }
        }
    }

    private func leave(_ caller: String) {
        let next = lines.withLock { lines -> CheckedContinuation<Void, Never>? in
            // Whoever is next takes the place of the one that leaves.
            if let next = lines[caller]?.waiting.popFirst() { return next }
            lines[caller]?.running -= 1
            if lines[caller]?.running == 0 { lines[caller] = nil }
            return nil
        }
        next?.resume()
    }
}

extension [String: CallTurns.Line] {
    /// Counts a call in; false when there are as many as may be.
    fileprivate mutating func enter(_ caller: String, _ limit: Int) -> Bool {
        guard self[caller, default: CallTurns.Line()].running < limit else { return false }
        self[caller, default: CallTurns.Line()].running += 1
        return true
    }
}
