import Foundation
import GRDB
import Migration
import Schema
import SwiftProtobuf

/// The file of kept refusals: the latest of all callers, and of each.
struct DenialTable: Sendable {
    /// How many are kept.
    struct Limits: Sendable {
        var all = 10_000
        /// Of one caller, so that one who is refused again and again does not push out what others are to look up.
        var ofOne = 1_000
    }

    private let pool: DatabasePool
    private let limits: Limits

    /// Opens the file, creates it when it is missing, and brings it up to date.
    init(path: String, limits: Limits) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        // The last moments before a loss of power may be missing.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        configuration.maximumReaderCount = 2
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try Migration.bringUpToDate(pool, with: Self.migrator)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw DenialLogError.noSpace
        }
        self.limits = limits
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("denials") { database in
            try database.execute(
                sql: """
                    CREATE TABLE denial (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        caller TEXT NOT NULL,
                        body BLOB NOT NULL  -- landfall.denials.v1.Denial
                    ) STRICT;
                    CREATE INDEX denial_by_caller ON denial (caller, sequence);
                    """)
        }
        return migrator
    }

    /// Adds refusals, and removes those that are too many.
    func insert(_ denials: [(id: String, message: DenialMessage)]) async throws {
        let rows = try denials.map { ($0.id, $0.message.caller, try $0.message.serializedData()) }
        try await pool.write { [limits] database in
            for row in rows {
                try database.cachedStatement(sql: "INSERT OR IGNORE INTO denial (id, caller, body) VALUES (?, ?, ?)")
                    .execute(arguments: [row.0, row.1, row.2])
            }
            for caller in Set(rows.map(\.1)) {
                try database.cachedStatement(
                    sql: """
                        DELETE FROM denial WHERE caller = ?1 AND sequence <= (
                            SELECT sequence FROM denial WHERE caller = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)
                        """
                ).execute(arguments: [caller, limits.ofOne])
            }
            try database.execute(
                sql: """
                    DELETE FROM denial WHERE sequence <= (
                        SELECT sequence FROM denial ORDER BY sequence DESC LIMIT 1 OFFSET ?)
                    """, arguments: [limits.all])
        }
    }

    /// The refusal of an id; nil when it is not kept, or not any more.
    func denial(_ id: String) async throws -> DenialMessage? {
        let body = try await pool.read { database in
            try Data.fetchOne(database, sql: "SELECT body FROM denial WHERE id = ?", arguments: [id])
        }
        return try body.map { try DenialMessage(serializedBytes: $0) }
    }
}
