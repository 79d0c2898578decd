import FoundationEssentials
import GRDB
import Migration

/// Landfall's state in one SQLite file: one writer whose commits are shared, any number of readers.
///
/// The domain's methods are in extensions, one file for each protocol.
public final class SQLiteStore: Sendable {
    let pool: DatabasePool
    private let commits: GroupCommit
    let plans = PlanCache()
    let recentJobs = JobCache()

    /// Opens the file, creates it when it is missing, and brings its tables up to date.
    ///
    /// - Parameter path: absolute path of the database file; its directory must exist.
    /// - Throws: `StoreError.noSpace`, `NewerDatabase`, and what SQLite says of a file that cannot be used.
    public convenience init(path: String) throws {
        do {
            try self.init(opening: path)
        } catch {
            throw StoreError(error) ?? error
        }
    }

    private init(opening path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        pool = try DatabasePool(path: path, configuration: configuration)
        // DatabasePool sets NORMAL after its own set-up; only FULL survives the loss of power.
        let level = try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        guard level == 2 else { throw DatabaseError(message: "cannot set PRAGMA synchronous = FULL") }
        try Migration.bringUpToDate(pool, with: Migrations.migrator)
        commits = GroupCommit(pool: pool)
    }

    /// Writes, together with whatever else is waiting to be written: durable when it returns.
    ///
    /// A body that throws leaves nothing behind and does not disturb the others of its commit.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await commits.write(body)
    }

    /// Adds rows, and tells a name that is taken from other failures.
    func insertUnique(_ body: @escaping @Sendable (Database) throws -> Void) async throws {
        try await write { database in
            do {
                try body(database)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                throw StoreError.alreadyExists
            }
        }
    }

    /// Reads a snapshot.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.read(body)
    }
}
