import Access
import FoundationEssentials
import GRDB

/// How a project is kept in its row.
extension ProjectRecord {
    init(row: Row) throws {
        let labels: String = row["labels"]
        self.init(
            id: row["id"], number: row["number"], displayName: row["displayName"],
            parent: try Self.parent(row["parent"]),
            labels: try JSONDecoder().decode([String: String].self, from: Data(labels.utf8)),
            createdAt: Date(timeIntervalSinceReferenceDate: row["createdAt"]))
        updatedAt = Date(timeIntervalSinceReferenceDate: row["updatedAt"])
        deletedAt = (row["deletedAt"] as Double?).map { Date(timeIntervalSinceReferenceDate: $0) }
    }

    func insert(in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO project (id, number, displayName, parent, labels, createdAt, updatedAt, deletedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, number, displayName, parent.path, try encodedLabels(), createdAt.timeIntervalSinceReferenceDate,
                updatedAt.timeIntervalSinceReferenceDate, deletedAt?.timeIntervalSinceReferenceDate,
            ])
    }

    /// Writes what can change.
    func update(in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE project SET displayName = ?, parent = ?, labels = ?, updatedAt = ?, deletedAt = ? WHERE id = ?
                """,
            arguments: [
                displayName, parent.path, try encodedLabels(), updatedAt.timeIntervalSinceReferenceDate,
                deletedAt?.timeIntervalSinceReferenceDate, id,
            ])
    }

    private func encodedLabels() throws -> String {
        try String(decoding: JSONEncoder().encode(labels), as: UTF8.self)
    }

    private static func parent(_ path: String) throws -> Resource {
        let parts = path.split(separator: "/").map(String.init)
        switch (parts.first, parts.last, parts.count) {
        case ("organizations", let number?, 2): return .organization(number)
        case ("folders", let number?, 2): return .folder(number)
        default: throw DatabaseError(message: "the parent of a project is damaged: \(path)")
        }
    }
}
