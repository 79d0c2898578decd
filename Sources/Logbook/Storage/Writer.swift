import GRDB

/// The one writer: batches that come at the same time share a commit.
actor Writer {
    /// At most so many batches, or entries, share one commit, so that none waits long for its neighbours.
    private static let largestGroup = (batches: 256, entries: 20_000)

    private struct Waiting {
        let batch: Batch
        let done: CheckedContinuation<Void, any Error>
    }

    private let pool: DatabasePool
    private let registry: StreamRegistry
    private let tails: TailHub
    private var waiting: [Waiting] = []
    private var isCommitting = false

    init(pool: DatabasePool, registry: StreamRegistry, tails: TailHub) {
        self.pool = pool
        self.registry = registry
        self.tails = tails
    }

    /// Stores a batch, whole or not at all; returns once it is committed.
    func append(_ batch: Batch) async throws {
        try await withCheckedThrowingContinuation { continuation in
            waiting.append(Waiting(batch: batch, done: continuation))
            guard !isCommitting else { return }
            isCommitting = true
            Task { await commitWhatWaits() }
        }
    }

    private func commitWhatWaits() async {
        while !waiting.isEmpty {
            let group = Array(waiting.prefix(groupSize))
            waiting.removeFirst(group.count)
            await commit(group)
        }
        isCommitting = false
    }

    private var groupSize: Int {
        var entries = 0
        let size = waiting.prefix(Self.largestGroup.batches).prefix { next in
            entries += next.batch.rows.count
            return entries <= Self.largestGroup.entries
        }.count
        return max(1, size)
    }

    private func commit(_ group: [Waiting]) async {
        let (batches, registry) = (group.map(\.batch), registry)
        do {
            let new = try await pool.write { database in
                try batches.map { try Self.insert($0, registry, into: database) }
            }
            for (batch, new) in zip(batches, new) {
                tails.publish(zip(batch.entries, new).lazy.filter(\.1).map(\.0))
            }
            for waiting in group { waiting.done.resume() }
        } catch {
            registry.forget()
            for waiting in group { waiting.done.resume(throwing: LogbookError.translated(error)) }
        }
    }

    /// Stores the entries of a batch; tells for each whether it is new.
    private static func insert(
        _ batch: Batch, _ registry: StreamRegistry, into database: Database
    ) throws -> [Bool] {
        let ids = try batch.streams.map { try registry.ids(of: $0, in: database) }
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO entries (log, timestamp, insert_id, series, stream, severity, body)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        return try batch.rows.map { row in
            let ids = ids[row.stream]
            statement.setUncheckedArguments([
                ids.log, row.timestamp, row.insertID, ids.series, ids.stream, row.severity, row.body,
            ])
            try statement.execute()
            return database.changesCount > 0
        }
    }
}
