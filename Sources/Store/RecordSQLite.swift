import Directory
import FoundationEssentials
import GRDB

extension SQLiteStore: RecordStore {
    /// All records of the directory.
    public func records() throws -> [StoredRecord] {
        try pool.read { database in
            try Row.fetchAll(database, sql: "SELECT kind, key, value FROM record").map { row in
                StoredRecord(kind: row["kind"], key: row["key"], value: Data((row["value"] as String).utf8))
            }
        }
    }

    /// Writes, replaces and removes records of the directory.
    ///
    /// - Throws: `StoreError.noSpace`
    public func write(_ changes: [RecordChange]) async throws {
        try await write { database in
            for change in changes {
                guard let value = change.value else {
                    try database.execute(
                        sql: "DELETE FROM record WHERE kind = ? AND key = ?", arguments: [change.kind, change.key])
                    continue
                }
                try database.execute(
                    sql: "INSERT OR REPLACE INTO record (kind, key, value) VALUES (?, ?, ?)",
                    arguments: [change.kind, change.key, String(decoding: value, as: UTF8.self)])
            }
        }
    }
}
