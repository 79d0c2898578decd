import GRDB

/// The tables of the logbook's file.
///
/// An entry is stored without what it shares with others of its *stream*: the log's name, the resource and the labels,
/// which are stored once per stream and day. Streams that share the log, the type of the resource and the label
/// `job_uid` make a *series*; the entries of a series can be read in order without touching others, so that one job's
/// log is found at once among all.
enum Tables {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("entries") { try $0.execute(sql: entries) }
        return migrator
    }

    // Ids of logs are never used twice: page tokens hold them.
    private static let entries = """
        CREATE TABLE logs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            project TEXT NOT NULL,
            log_id TEXT NOT NULL,
            UNIQUE (project, log_id)
        ) STRICT;
        CREATE TABLE series (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            log INTEGER NOT NULL,
            resource_type TEXT NOT NULL,
            job_uid TEXT NOT NULL,
            UNIQUE (log, resource_type, job_uid)
        ) STRICT;
        CREATE INDEX series_by_job ON series (job_uid COLLATE NOCASE);
        CREATE TABLE streams (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            series INTEGER NOT NULL,
            day INTEGER NOT NULL,
            digest INTEGER NOT NULL,
            template BLOB NOT NULL
        ) STRICT;
        CREATE INDEX streams_by_day ON streams (day, digest);
        CREATE INDEX streams_by_series ON streams (series);
        CREATE TABLE entries (
            log INTEGER NOT NULL,
            timestamp INTEGER NOT NULL,
            insert_id TEXT NOT NULL,
            series INTEGER NOT NULL,
            stream INTEGER NOT NULL,
            severity INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (log, timestamp, insert_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX entries_by_series ON entries (series, timestamp, insert_id);
        """
}
