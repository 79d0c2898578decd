import GRDB

extension Migrations {
    static func createDirectory(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Times are seconds since 2001, as Date keeps them: they come back as they were.
                CREATE TABLE organization (
                    number TEXT PRIMARY KEY,
                    domain TEXT NOT NULL,
                    createdAt REAL NOT NULL
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE project (
                    id TEXT PRIMARY KEY,
                    number TEXT NOT NULL UNIQUE,
                    displayName TEXT NOT NULL,
                    -- organizations/NUMBER or folders/NUMBER
                    parent TEXT NOT NULL,
                    -- JSON
                    labels TEXT NOT NULL,
                    createdAt REAL NOT NULL
                ) STRICT, WITHOUT ROWID;

                -- By the full name of what the policy is bound to; bindings as JSON.
                CREATE TABLE policy (
                    resource TEXT PRIMARY KEY,
                    bindings TEXT NOT NULL,
                    etag BLOB NOT NULL
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE enabledService (
                    project TEXT NOT NULL,
                    service TEXT NOT NULL,
                    PRIMARY KEY (project, service)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    /// Projects can be changed, marked for deletion and taken up again.
    static func addProjectLifecycle(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Seconds since 2001, as createdAt.
                ALTER TABLE project ADD COLUMN updatedAt REAL NOT NULL DEFAULT 0;
                ALTER TABLE project ADD COLUMN deletedAt REAL;
                UPDATE project SET updatedAt = createdAt;
                """)
    }
}
