import Foundation
import GRDB
import Migration
import SystemPackage

/// The versions of secrets with their values, which are sealed before they are written. A secret goes by its uid.
///
/// The store knows nothing of access: whoever calls has made sure of it.
public final class SecretStore: Sendable {
    /// Versions that a secret may have, destroyed ones among them.
    static let mostVersions = 10_000

    let pool: DatabasePool
    let key: SealingKey
    let now: @Sendable () -> Date

    /// Opens the database and the key, and makes them when they are missing.
    ///
    /// - Parameters:
    ///   - path: absolute path of the database; its directory must exist.
    ///   - keyPath: absolute path of the key.
    ///   - now: the clock.
    /// - Throws: `SecretStoreError`, `NewerDatabase`, and what SQLite and the system say of files that cannot be used.
    public init(path: String, keyPath: String, now: @escaping @Sendable () -> Date = { Date() }) throws {
        self.now = now
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 2
        // What is destroyed is written over in the file, not only left out.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA secure_delete = ON") }
        // SQLite gives the files beside it the same mode.
        try FileDescriptor.open(path, .readWrite, options: .create, permissions: .ownerReadWrite).close()
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try Migration.bringUpToDate(pool, with: Self.migrator)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw SecretStoreError.noSpace
        }
        let isEmpty = try pool.read { try Bool.fetchOne($0, sql: "SELECT NOT EXISTS (SELECT 1 FROM version)") }
        key = try SealingKey(path: keyPath, mayMake: isEmpty ?? false)
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("secrets") { database in
            try database.execute(
                sql: """
                    -- Times are seconds since 2001, as Date keeps them.
                    CREATE TABLE version (
                        secret TEXT NOT NULL,
                        number INTEGER NOT NULL,
                        state TEXT NOT NULL,
                        createdAt REAL NOT NULL,
                        destroyedAt REAL,
                        hadChecksum INTEGER NOT NULL,
                        revision INTEGER NOT NULL,
                        sealed BLOB,  -- NULL once it is destroyed
                        PRIMARY KEY (secret, number)
                    ) STRICT;
                    """)
        }
        return migrator
    }

    func write<Result: Sendable>(
        _ change: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        do {
            return try await pool.write(change)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw SecretStoreError.noSpace
        }
    }

    static func place(_ secret: String, _ number: Int64) -> String { "\(secret)/\(number)" }
}
