import Dispatch

/// Runs blocking work on a thread that is not one of Swift concurrency's few.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result(catching: work))
        }
    }
}
