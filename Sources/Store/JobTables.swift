import GRDB

extension Migrations {
    /// Jobs, tasks, operations, repeated requests, and how far agents have come.
    static func createJobs(_ database: Database) throws {
        try createJobTables(database)
        try createOperationTables(database)
        try createNodeTables(database)
    }

    /// What never changes about a job and may be large is apart from the row that is written at every report.
    private static func createJobTables(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE jobs (
                    key INTEGER PRIMARY KEY,
                    uid TEXT NOT NULL UNIQUE,
                    project TEXT NOT NULL,
                    location TEXT NOT NULL,
                    id TEXT NOT NULL,
                    submitter TEXT NOT NULL,
                    created REAL NOT NULL,
                    ended REAL,
                    unfinished INTEGER NOT NULL,
                    progress BLOB NOT NULL
                );
                CREATE UNIQUE INDEX jobs_name ON jobs (project, location, id);
                CREATE INDEX jobs_created ON jobs (project, created, location, id);
                CREATE INDEX jobs_created_here ON jobs (project, location, created, id);
                CREATE INDEX jobs_unfinished ON jobs (created) WHERE unfinished;
                CREATE INDEX jobs_ended ON jobs (ended) WHERE ended IS NOT NULL;

                CREATE TABLE job_plans (
                    job INTEGER PRIMARY KEY,
                    plan BLOB NOT NULL,
                    source BLOB NOT NULL
                );

                CREATE TABLE tasks (
                    job INTEGER NOT NULL,
                    task INTEGER NOT NULL,
                    state INTEGER NOT NULL,
                    attempt INTEGER NOT NULL,
                    events BLOB NOT NULL,
                    PRIMARY KEY (job, task)
                ) WITHOUT ROWID;
                """)
    }

    private static func createOperationTables(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE operations (
                    name TEXT PRIMARY KEY,
                    project TEXT NOT NULL,
                    location TEXT NOT NULL,
                    created REAL NOT NULL,
                    ended REAL,
                    request TEXT,
                    record BLOB NOT NULL
                ) WITHOUT ROWID;
                CREATE INDEX operations_created ON operations (project, location, created, name);
                CREATE INDEX operations_open ON operations (created) WHERE ended IS NULL;
                CREATE INDEX operations_ended ON operations (ended) WHERE ended IS NOT NULL;
                CREATE INDEX operations_request ON operations (request, created) WHERE request IS NOT NULL;

                CREATE TABLE job_requests (
                    project TEXT NOT NULL,
                    location TEXT NOT NULL,
                    request TEXT NOT NULL,
                    uid TEXT NOT NULL,
                    received REAL NOT NULL,
                    PRIMARY KEY (project, location, request)
                ) WITHOUT ROWID;
                CREATE INDEX job_requests_received ON job_requests (received);
                """)
    }

    private static func createNodeTables(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE agent_progress (
                    incarnation TEXT PRIMARY KEY,
                    sequence INTEGER NOT NULL
                ) WITHOUT ROWID;

                CREATE TABLE nodes (
                    name TEXT PRIMARY KEY,
                    record BLOB NOT NULL
                ) WITHOUT ROWID;
                """)
    }

    /// Jobs of several APIs, each with names of its own, and jobs that were made from something else.
    static func addJobAPIs(_ database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE jobs ADD COLUMN api TEXT NOT NULL DEFAULT 'batch';
                ALTER TABLE jobs ADD COLUMN owner TEXT;
                DROP INDEX jobs_name;
                CREATE UNIQUE INDEX jobs_name ON jobs (api, project, location, id);
                DROP INDEX jobs_created;
                CREATE INDEX jobs_created ON jobs (api, project, created, location, id);
                DROP INDEX jobs_created_here;
                CREATE INDEX jobs_created_here ON jobs (api, project, location, created, id);
                CREATE INDEX jobs_owner ON jobs (owner, created, location, id) WHERE owner IS NOT NULL;

                -- How many of its plan's barriers a task has come to.
                ALTER TABLE tasks ADD COLUMN barriers INTEGER NOT NULL DEFAULT 0;

                ALTER TABLE operations ADD COLUMN api TEXT NOT NULL DEFAULT 'batch';
                DROP INDEX operations_created;
                CREATE INDEX operations_created ON operations (api, project, location, created, name);
                """)
    }
}
