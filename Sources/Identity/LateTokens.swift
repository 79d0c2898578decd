import FoundationEssentials
import Store
import Synchronization

/// Tokens that are good but not on disk yet: those that come together are written together.
final class LateTokens: Sendable {
    /// As many may wait; the next one is written before its bearer gets it.
    private static let capacity = 1024
    /// How long a token waits for others.
    private static let pause: Duration = .milliseconds(20)

    private struct State {
        var waiting: [Data: TokenRecord] = [:]
        var isWriting = false
    }

    private let store: any CredentialStore
    private let state = Mutex(State())

    init(store: any CredentialStore) {
        self.store = store
    }

    /// A token that waits, by its digest.
    subscript(digest: Data) -> TokenRecord? { state.withLock { $0.waiting[digest] } }

    /// Writes a token a moment later, or now when too many wait.
    func write(_ record: TokenRecord) async throws {
        let (isFull, begins) = state.withLock { state in
            guard state.waiting.count < Self.capacity else { return (true, false) }
            state.waiting[record.digest] = record
            defer { state.isWriting = true }
            return (false, !state.isWriting)
        }
        if isFull { return try await store.insertTokens([record]) }
        if begins { Task { await writeWhatWaits() } }
    }

    /// Waits until a token is on disk, or forgotten.
    func settle(_ digest: Data) async {
        while self[digest] != nil, !Task.isCancelled { try? await Task.sleep(for: Self.pause) }
    }

    /// Waits until nothing waits, for two seconds at most.
    func settle() async {
        for _ in 0..<100 where state.withLock({ $0.isWriting }) { try? await Task.sleep(for: Self.pause) }
    }

    private func writeWhatWaits() async {
        while true {
            try? await Task.sleep(for: Self.pause)
            let batch = state.withLock { state in
                state.isWriting = !state.waiting.isEmpty
                return Array(state.waiting.values)
            }
            guard !batch.isEmpty else { return }
            // What cannot be written is forgotten early, and its bearers ask for others.
            try? await store.insertTokens(batch)
            state.withLock { state in for record in batch { state.waiting[record.digest] = nil } }
        }
    }
}
