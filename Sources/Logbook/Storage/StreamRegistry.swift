import GRDB
import Synchronization

/// Knows under which ids streams are stored, and stores those that are new.
final class StreamRegistry: Sendable {
    struct IDs: Hashable, Sendable {
        let log: Int64
        let series: Int64
        let stream: Int64
    }

    /// Streams that are kept in memory; when there are more, all are looked up anew.
    private static let mostKnown = 20_000

    private let known = Mutex<[Batch.Stream: IDs]>([:])

    /// The ids of a stream; stores it when it is new.
    ///
    /// What is stored counts only once the transaction is committed: `forget` if it is not.
    func ids(of stream: Batch.Stream, in database: Database) throws -> IDs {
        if let ids = known.withLock({ $0[stream] }) { return ids }
        let log = try Self.id(
            database, find: "SELECT id FROM logs WHERE project = ? AND log_id = ?",
            insert: "INSERT INTO logs (project, log_id) VALUES (?, ?)", [stream.name.parent.key, stream.name.logID])
        let series = try Self.id(
            database, find: "SELECT id FROM series WHERE log = ? AND resource_type = ? AND job_uid = ?",
            insert: "INSERT INTO series (log, resource_type, job_uid) VALUES (?, ?, ?)",
            [log, stream.resourceType, stream.jobUID])
        let digest = Int64(bitPattern: Digest.of(stream.template))
        let id = try Self.id(
            database,
            find: "SELECT id FROM streams WHERE day = ? AND digest = ? AND series = ? AND template = ?",
            insert: "INSERT INTO streams (day, digest, series, template) VALUES (?, ?, ?, ?)",
            [stream.day, digest, series, stream.template])
        let ids = IDs(log: log, series: series, stream: id)
        known.withLock { known in
            if known.count >= Self.mostKnown { known.removeAll() }
            known[stream] = ids
        }
        return ids
    }

    /// Forgets all ids, after a transaction that failed or one that deleted streams.
    func forget() { known.withLock { $0.removeAll() } }

    private static func id(
        _ database: Database, find: String, insert: String, _ arguments: StatementArguments
    ) throws -> Int64 {
        if let id = try Int64.fetchOne(database.cachedStatement(sql: find), arguments: arguments) { return id }
        try database.cachedStatement(sql: insert).execute(arguments: arguments)
        return database.lastInsertedRowID
    }
}
