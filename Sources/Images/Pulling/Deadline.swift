/// Runs work, and cancels it when it takes too long.
///
/// - Throws: what the work throws, or `late` when time is up.
func withDeadline<Value: Sendable>(
    _ patience: Duration, late: ImageError, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(for: patience)
            return nil
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() ?? nil else { throw late }
        return value
    }
}
