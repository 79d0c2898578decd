import GRDB

extension Migrations {
    /// The jobs of Cloud Run and the operations on them. Times are seconds since 2001.
    static func createRunJobs(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE run_jobs (
                    uid TEXT PRIMARY KEY,
                    project TEXT NOT NULL,
                    location TEXT NOT NULL,
                    id TEXT NOT NULL,
                    created REAL NOT NULL,
                    deleted REAL,
                    record BLOB NOT NULL  -- JSON
                ) STRICT, WITHOUT ROWID;
                CREATE UNIQUE INDEX run_jobs_name ON run_jobs (project, location, id) WHERE deleted IS NULL;
                CREATE INDEX run_jobs_created ON run_jobs (project, created, uid);
                CREATE INDEX run_jobs_deleted ON run_jobs (deleted) WHERE deleted IS NOT NULL;

                CREATE TABLE run_operations (
                    name TEXT PRIMARY KEY,
                    project TEXT NOT NULL,
                    location TEXT NOT NULL,
                    created REAL NOT NULL,
                    record BLOB NOT NULL  -- JSON
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX run_operations_here ON run_operations (project, location, created, name);
                CREATE INDEX run_operations_created ON run_operations (created);
                """)
    }
}
