import Foundation
import GRDB

/// Removes entries in steps, so that none keeps the writer for long.
struct Removal: Sendable {
    private static let step = 5_000

    let pool: DatabasePool
    let registry: StreamRegistry

    /// Removes all entries before a time, in nanoseconds, and returns how many they were.
    func entries(before time: Int64, log: Int64? = nil) async throws -> Int {
        var removed = 0
        for log in try await logs(log) {
            var count = Self.step
            while count == Self.step {
                try Task.checkCancellation()
                count = try await pool.write { database in
                    try database.execute(
                        sql: """
                            DELETE FROM entries WHERE log = ?1 AND (timestamp, insert_id) IN (
                                SELECT timestamp, insert_id FROM entries WHERE log = ?1 AND timestamp < ?2
                                ORDER BY timestamp, insert_id LIMIT ?3)
                            """, arguments: [log, time, Self.step])
                    return database.changesCount
                }
                removed += count
            }
        }
        return removed
    }

    /// Removes the streams of days that are over and done with. All entries before `day` must have been removed.
    func streams(before day: Int64) async throws {
        let registry = registry
        try await pool.write { database in
            registry.forget()
            try database.execute(sql: "DELETE FROM streams WHERE day < ?", arguments: [day])
            try database.execute(
                sql: "DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM streams WHERE streams.series = series.id)")
            try database.execute(
                sql: "DELETE FROM logs WHERE NOT EXISTS (SELECT 1 FROM series WHERE series.log = logs.id)")
        }
        registry.forget()
    }

    /// Removes a log with all its entries; one that receives entries meanwhile stays, with these.
    func log(_ name: LogName) async throws {
        let found = try await pool.read { database in
            try Int64.fetchOne(
                database, sql: "SELECT id FROM logs WHERE project = ? AND log_id = ?",
                arguments: [name.parent.key, name.logID])
        }
        guard let log = found else { return }
        _ = try await entries(before: .max, log: log)
        let registry = registry
        try await pool.write { database in
            registry.forget()
            let isEmpty =
                try Row.fetchOne(database, sql: "SELECT 1 FROM entries WHERE log = ?", arguments: [log]) == nil
            guard isEmpty else { return }
            try database.execute(
                sql: "DELETE FROM streams WHERE series IN (SELECT id FROM series WHERE log = ?)", arguments: [log])
            try database.execute(sql: "DELETE FROM series WHERE log = ?", arguments: [log])
            try database.execute(sql: "DELETE FROM logs WHERE id = ?", arguments: [log])
        }
    }

    private func logs(_ only: Int64?) async throws -> [Int64] {
        if let only { return [only] }
        return try await pool.read { try Int64.fetchAll($0, sql: "SELECT id FROM logs ORDER BY id") }
    }
}
