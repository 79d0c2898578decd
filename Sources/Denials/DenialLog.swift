import Access
import Logging
import Methods
import Synchronization

/// Keeps the latest refusals with what they rest on, over restarts too.
///
/// They are written in the background: a full or slow disk costs refusals that are kept, never calls. What waits to be
/// written can be looked up already.
public final class DenialLog: DenialRecorder {
    private typealias Kept = (id: String, message: DenialMessage)

    private struct State {
        /// Not on disk yet, the oldest first.
        var waiting: [Kept] = []
        var wake: CheckedContinuation<Void, Never>?
        var isClosed = false
    }

    /// How many may wait to be written; then the oldest are forgotten.
    private static let mostWaiting = 1_000

    private let table: DenialTable
    private let link: String
    private let logger: Logger
    private let state = Mutex(State())

    /// Opens the file that refusals are kept in, or creates it.
    ///
    /// - Parameters:
    ///   - path: absolute path of the file; its directory must exist.
    ///   - link: what comes before an id in the URL under which a refusal is read.
    ///   - logger: where it is said that refusals cannot be kept.
    /// - Throws: `DenialLogError`, `NewerDatabase`, and what SQLite says of a file that cannot be used.
    public convenience init(path: String, link: String, logger: Logger) throws {
        try self.init(path: path, link: link, limits: DenialTable.Limits(), logger: logger)
    }

    init(path: String, link: String, limits: DenialTable.Limits, logger: Logger) throws {
        table = try DenialTable(path: path, limits: limits)
        self.link = link
        self.logger = logger
    }

    /// Keeps a refusal.
    public func record(_ refusal: AccessCheck, of call: EndedCall) async -> DenialReference? {
        let id = DenialID.make()
        guard let message = DenialMessage(id, refusal, of: call) else { return nil }
        let wake = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.count >= Self.mostWaiting { state.waiting.removeFirst() }
            state.waiting.append((id, message))
            defer { state.wake = nil }
            return state.wake
        }
        wake?.resume()
        return DenialReference(id: id, url: link + id)
    }

    /// Writes refusals as they come; when its task is cancelled, what is there yet, once.
    public func run() async {
        var hasFailed = false
        while await waitForRefusals() {
            let batch = state.withLock(\.waiting)
            do {
                // Not cancelled with this task, so that the last ones are written at the end.
                try await Task { [table] in try await table.insert(batch) }.value
                let written = Set(batch.map(\.id))
                state.withLock { $0.waiting.removeAll { written.contains($0.id) } }
                hasFailed = false
            } catch {
                if !hasFailed {
                    logger.error(
                        "refusals cannot be written; this is tried again, and the latest are kept in memory",
                        metadata: ["error": "\(error)"])
                }
                hasFailed = true
                guard !Task.isCancelled else { return }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Waits until there is something to write; false when the task is cancelled and there is nothing.
    private func waitForRefusals() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if !state.waiting.isEmpty || state.isClosed { return true }
                    state.wake = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let wake = state.withLock { state in
                state.isClosed = true
                defer { state.wake = nil }
                return state.wake
            }
            wake?.resume()
        }
        return state.withLock { !$0.waiting.isEmpty }
    }

    /// The refusal of an id, with everything that is known of it; nil when there is none, or not any more.
    ///
    /// - Throws: what SQLite says of a file that cannot be read.
    public func denial(_ id: String) async throws -> DenialMessage? {
        guard DenialID.isValid(id) else { return nil }
        if let waiting = state.withLock({ $0.waiting.last { $0.id == id } }) { return waiting.message }
        return try await table.denial(id)
    }
}

/// Why refusals cannot be kept.
public enum DenialLogError: Error, Hashable, Sendable {
    /// The disk is full.
    case noSpace
}
