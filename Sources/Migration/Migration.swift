import Foundation
import GRDB

/// Brings the tables of a database file up to date, and keeps the file as it was beside it.
public enum Migration {
    /// Applies the steps that a file lacks. A file that has some already is copied first, to
    /// `FILE.before-NAME-OF-THE-FIRST-STEP`; a copy of that name is replaced.
    ///
    /// - Throws: `NewerDatabase` for a file with steps that the migrator does not know, and what SQLite says: then the
    ///   file is as the last step that succeeded left it.
    public static func bringUpToDate(_ pool: DatabasePool, with migrator: DatabaseMigrator) throws {
        let (applied, isNewer) = try pool.read { database in
            (try migrator.appliedIdentifiers(database), try migrator.hasBeenSuperseded(database))
        }
        guard !isNewer else { throw NewerDatabase(path: pool.path) }
        guard let next = migrator.migrations.first(where: { !applied.contains($0) }) else { return }
        if !applied.isEmpty { try backUp(pool, to: backup(of: pool.path, before: next)) }
        try migrator.migrate(pool)
    }

    /// Where a file is kept as it was before a step.
    public static func backup(of path: String, before step: String) -> String {
        "\(path).before-\(step.replacing(" ", with: "-"))"
    }

    /// Copies the whole file. What has the final name is complete, whenever the process ends.
    private static func backUp(_ pool: DatabasePool, to path: String) throws {
        let partial = path + ".partial"
        unlink(partial)
        do {
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "VACUUM INTO ?", arguments: [partial])
            }
            let copy = try FileHandle(forUpdating: URL(filePath: partial))
            try copy.synchronize()
            try copy.close()
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: partial)
            guard rename(partial, path) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        } catch {
            unlink(partial)
            throw error
        }
    }
}

/// A database file was written by a Landfall that is newer than this one.
public struct NewerDatabase: Error, CustomStringConvertible {
    /// The file.
    public let path: String

    /// The error for a file.
    public init(path: String) {
        self.path = path
    }

    /// What to do about it, in a sentence.
    public var description: String {
        "\(path) was written by a newer Landfall: run that one, or put the copy back that it made (\(path).before-…)."
    }
}
