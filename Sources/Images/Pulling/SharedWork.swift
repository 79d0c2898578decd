/// Work that is done once for all who want it at the same time.
///
/// Who gives up waiting does not disturb the others; when all have, the work is cancelled.
actor SharedWork<Key: Hashable & Sendable, Value: Sendable> {
    private struct Work {
        let task: Task<Void, Never>
        let number: Int
        var waiters: [Int: CheckedContinuation<Value, any Error>]
    }

    private var works: [Key: Work] = [:]
    private var next = 0

    /// What the work comes to; it begins unless it is under way.
    ///
    /// - Throws: what the work throws, or `CancellationError` when the caller is cancelled.
    func value(for key: Key, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        next += 1
        let waiter = next
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // The handler may have run already, and found nobody.
                guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
                if works[key] == nil { works[key] = begin(key, work) }
                works[key]?.waiters[waiter] = continuation
            }
        } onCancel: {
            Task { await leave(key, waiter) }
        }
    }

    private func begin(_ key: Key, _ work: @escaping @Sendable () async throws -> Value) -> Work {
        next += 1
        let number = next
        let task = Task {
            let result: Result<Value, any Error>
            do {
                result = .success(try await work())
            } catch {
                result = .failure(error)
            }
            finish(key, number, result)
        }
        return Work(task: task, number: number, waiters: [:])
    }

    private func finish(_ key: Key, _ number: Int, _ result: Result<Value, any Error>) {
        // Work that all have left may have been begun again under the same key.
        guard let work = works[key], work.number == number else { return }
        works[key] = nil
        for waiter in work.waiters.values { waiter.resume(with: result) }
    }

    private func leave(_ key: Key, _ waiter: Int) {
        guard let continuation = works[key]?.waiters.removeValue(forKey: waiter) else { return }
        continuation.resume(throwing: CancellationError())
        guard let work = works[key], work.waiters.isEmpty else { return }
        works[key] = nil
        work.task.cancel()
    }
}
