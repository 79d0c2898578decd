import Foundation
import GRDB
import Migration

/// The file of what the registry knows: which blobs there are, which repositories have them, versions of images, tags
/// and unfinished uploads.
struct RegistryTables: Sendable {
    let pool: DatabasePool

    /// Opens the file, creates it when it is missing, and brings it up to date.
    init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 4
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try Migration.bringUpToDate(pool, with: Self.migrator)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw RegistryError.noSpace
        }
    }

    /// Changes something: all of it, or nothing. On disk when it returns.
    func write<Result: Sendable>(
        _ change: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        do {
            return try await pool.write(change)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw RegistryError.noSpace
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("registry", migrate: create)
        return migrator
    }

    /// Times are seconds since 2001, as `Date` keeps them. A repository goes by its uid.
    private static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE blob (
                    digest TEXT PRIMARY KEY,
                    size INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;

                -- Which repository has a blob: only there it can be read.
                CREATE TABLE link (
                    repository TEXT NOT NULL,
                    digest TEXT NOT NULL REFERENCES blob,
                    usedAt REAL NOT NULL,
                    PRIMARY KEY (repository, digest)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX link_by_digest ON link (digest);

                -- A manifest within an image.
                CREATE TABLE version (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                    repository TEXT NOT NULL,
                    image TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    mediaType TEXT NOT NULL,
                    artifactType TEXT,
                    -- All that it consists of, in bytes.
                    size INTEGER NOT NULL,
                    builtAt REAL,
                    createdAt REAL NOT NULL,
                    updatedAt REAL NOT NULL,
                    -- The digest of the manifest that it says something about.
                    subject TEXT,
                    annotations TEXT,  -- JSON
                    body BLOB NOT NULL,
                    UNIQUE (repository, image, digest)
                ) STRICT;
                CREATE INDEX version_by_subject ON version (repository, image, subject) WHERE subject IS NOT NULL;

                -- What a version consists of: blobs, or the manifests of an index.
                CREATE TABLE part (
                    version INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
                    digest TEXT NOT NULL,
                    isManifest INTEGER NOT NULL,
                    PRIMARY KEY (version, digest)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX part_by_digest ON part (digest);

                CREATE TABLE tag (
                    repository TEXT NOT NULL,
                    image TEXT NOT NULL,
                    name TEXT NOT NULL,
                    version INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
                    updatedAt REAL NOT NULL,
                    PRIMARY KEY (repository, image, name)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX tag_by_version ON tag (version);

                CREATE TABLE upload (
                    id TEXT PRIMARY KEY,
                    repository TEXT NOT NULL,
                    image TEXT NOT NULL,
                    owner TEXT NOT NULL,
                    usedAt REAL NOT NULL
                ) STRICT, WITHOUT ROWID;
                """)
    }
}
