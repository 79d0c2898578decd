import GRDB

/// Lets writers that come at the same time share one commit, and with it one wait for the disk.
actor GroupCommit {
    /// At most this many writes in one commit, so that none waits long for its neighbours.
    private static let largestGroup = 256

    private struct Write {
        let body: @Sendable (Database) throws -> Void
        let done: @Sendable (Result<Void, any Error>) -> Void
    }

    private let pool: DatabasePool
    private var waiting: [Write] = []
    private var isCommitting = false

    init(pool: DatabasePool) {
        self.pool = pool
    }

    /// Runs `body` in a savepoint of the next commit and returns once that is on disk.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let box = ResultBox<Value>()
        return try await withCheckedThrowingContinuation { continuation in
            waiting.append(
                Write(
                    body: { box.value = try body($0) },
                    done: { committed in
                        continuation.resume(with: committed.flatMap { box.result })
                    }))
            commitWhatWaits()
        }
    }

    private func commitWhatWaits() {
        guard !isCommitting else { return }
        isCommitting = true
        Task {
            while !waiting.isEmpty {
                let group = Array(waiting.prefix(Self.largestGroup))
                waiting.removeFirst(group.count)
                await commit(group)
            }
            isCommitting = false
        }
    }

    private func commit(_ group: [Write]) async {
        do {
            let results = try await pool.write { database in
                try group.map { write -> Result<Void, any Error> in
                    do {
                        try database.inSavepoint {
                            try write.body(database)
                            return .commit
                        }
                        return .success(())
                    } catch let error as DatabaseError where error.isFatalForTransaction {
                        throw error
                    } catch {
                        return .failure(error)
                    }
                }
            }
            for (write, result) in zip(group, results) { write.done(result) }
        } catch {
            for write in group { write.done(.failure(StoreError(error) ?? error)) }
        }
    }
}

/// Carries a value out of a write.
///
/// Safe to share: it is written inside the commit and read after it, never at the same time.
private final class ResultBox<Value>: @unchecked Sendable {
    var value: Value?

    var result: Result<Value, any Error> {
        value.map { .success($0) } ?? .failure(DatabaseError(message: "the write did not run"))
    }
}

extension DatabaseError {
    /// SQLite has rolled the whole transaction back, or cannot commit it.
    fileprivate var isFatalForTransaction: Bool {
        [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_CORRUPT].contains(resultCode)
    }
}

extension StoreError {
    /// A failure of SQLite's that callers are to tell apart.
    init?(_ error: any Error) {
        guard let error = error as? DatabaseError else { return nil }
        switch error.resultCode {
        case .SQLITE_FULL: self = .noSpace
        default: return nil
        }
    }
}
