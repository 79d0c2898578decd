import Synchronization

/// How many tasks of finished executions were tried more than once: it takes a look at every task to find out, and
/// changes no more.
final class TallyCache: Sendable {
    /// At most so many: then all are forgotten.
    private static let capacity = 4096

    private let retried = Mutex<[String: Int]>([:])

    /// What is known of an execution, or else what `count` finds; kept when the execution is over.
    func retried(of uid: String, isFinal: Bool, count: () async throws -> Int) async throws -> Int {
        if let known = retried.withLock({ $0[uid] }) { return known }
        let found = try await count()
        guard isFinal else { return found }
        retried.withLock { retried in
            if retried.count >= Self.capacity { retried = [:] }
            retried[uid] = found
        }
        return found
    }
}
