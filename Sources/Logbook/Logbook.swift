import Foundation
import GRDB
import Migration
import SwiftProtobuf

/// All logs, in one SQLite file of their own.
///
/// What `append` has taken survives the end of the process, however it ends. A loss of power may cost the last
/// entries, never the file: SQLite's `synchronous = NORMAL` in write-ahead mode.
public final class Logbook: Sendable {
    /// How long entries are kept unless the server is told otherwise, in days (Cloud Logging's `_Default` bucket).
    public static let retentionDays = 30

    let pool: DatabasePool
    private let limits: ScanLimits
    private let registry = StreamRegistry()
    private let tails = TailHub()
    private let ids = InsertIDs()
    private let writer: Writer

    /// Opens the file, creates it when it is missing, and brings its tables up to date.
    ///
    /// - Parameter path: absolute path of the database file; its directory must exist.
    /// - Throws: `LogbookError.noSpace`, `NewerDatabase`, and what SQLite says of a file that cannot be used.
    public convenience init(path: String) throws {
        try self.init(path: path, limits: ScanLimits())
    }

    init(path: String, limits: ScanLimits) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 8
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try Migration.bringUpToDate(pool, with: Tables.migrator)
        } catch {
            throw LogbookError.translated(error)
        }
        self.limits = limits
        writer = Writer(pool: pool, registry: registry, tails: tails)
    }

    /// Stores entries, all or none; committed when it returns.
    ///
    /// An entry with the log, time and `insert_id` of one that is stored already is the same entry, and ignored. A
    /// missing `receive_timestamp` or `timestamp` becomes the present time, a missing `insert_id` is made up. Names
    /// of logs must name projects by their id.
    ///
    /// - Throws: `LogbookError`.
    public func append(_ entries: [LogEntry]) async throws {
        guard !entries.isEmpty else { return }
        let batch = try Batch(entries, receivedAt: Google_Protobuf_Timestamp(date: Date()), ids: ids)
        try await writer.append(batch)
    }

    /// One page of the entries that match, in order of time and `insert_id`.
    ///
    /// The work for one page is bounded: a page may be short, or empty, and still have a `next`.
    public func entries(_ query: LogQuery) async throws -> LogPage {
        let limits = limits
        return try await pool.read { try Scan.page(query, limits, $0) }
    }

    /// The names of the logs of a parent that have entries, in order.
    public func logNames(of parent: LogParent) async throws -> [LogName] {
        try await pool.read { database in
            try String.fetchAll(
                database, sql: "SELECT log_id FROM logs WHERE project = ? ORDER BY log_id", arguments: [parent.key])
        }.map { LogName(parent, logID: $0) }
    }

    /// Whether there is such a log.
    public func contains(_ name: LogName) async throws -> Bool {
        try await pool.read { database in
            try Row.fetchOne(
                database, sql: "SELECT 1 FROM logs WHERE project = ? AND log_id = ?",
                arguments: [name.parent.key, name.logID]) != nil
        }
    }

    /// Deletes a log with all its entries; entries that arrive later make it anew.
    public func delete(_ name: LogName) async throws {
        try await Removal(pool: pool, registry: registry).log(name)
    }

    /// Deletes the entries of all days (UTC) that were over at a time, in steps between which others can write.
    ///
    /// - Returns: how many they were.
    public func purge(before time: Date) async throws -> Int {
        let day = Int64((time.timeIntervalSince1970 / 86_400).rounded(.down))
        let removal = Removal(pool: pool, registry: registry)
        let removed = try await removal.entries(before: day * Nanoseconds.perDay)
        try await removal.streams(before: day)
        return removed
    }

    /// The size of the database in bytes, without the write-ahead log.
    public func size() async throws -> Int {
        try await pool.read { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            return try pages * (Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
        }
    }

    /// The entries that match and that are appended from now on.
    ///
    /// - Throws: `LogbookError.tooManyTails`.
    public func tail(_ selection: TailSelection) throws -> LogTail {
        try tails.open(selection)
    }
}
