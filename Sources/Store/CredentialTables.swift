import GRDB

extension Migrations {
    static func createCredentials(_ database: Database) throws {
        try database.execute(
            sql: """
                -- By SHA-256; the tokens themselves are not kept.
                CREATE TABLE token (
                    digest BLOB PRIMARY KEY,
                    kind TEXT NOT NULL,
                    -- user:EMAIL or serviceAccount:EMAIL
                    principal TEXT NOT NULL,
                    -- seconds since 2001
                    expiresAt REAL NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX tokenByEnd ON token (expiresAt);

                CREATE TABLE posixAccount (
                    principal TEXT PRIMARY KEY,
                    username TEXT NOT NULL UNIQUE,
                    uid INTEGER NOT NULL UNIQUE
                ) STRICT, WITHOUT ROWID;
                """)
    }
}
