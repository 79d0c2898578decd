/// Lets so many go ahead at once; the others wait in line.
actor Slots {
    private var free: Int
    private var waiting: [(number: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    private var next = 0

    init(_ count: Int) { free = count }

    /// Does something when it is its turn.
    ///
    /// - Throws: what it throws, or `CancellationError` when the caller is cancelled while it waits.
    nonisolated func run<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        try await take()
        do {
            let value = try await body()
            await give()
            return value
        } catch {
            await give()
            throw error
        }
    }

    private func take() async throws {
        next += 1
        let number = next
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                // The handler may have run already, and found nobody.
                guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
                guard free == 0 else {
                    free -= 1
                    return continuation.resume()
                }
                waiting.append((number, continuation))
            }
        } onCancel: {
            Task { await leave(number) }
        }
    }

    private func give() {
        guard !waiting.isEmpty else { return free += 1 }
        waiting.removeFirst().continuation.resume()
    }

    private func leave(_ number: Int) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }
}
