import Access
import FoundationEssentials
import GRDB

extension SQLiteStore {
    /// Adds an organization.
    ///
    /// - Throws: `StoreError.alreadyExists`
    public func insertOrganization(_ organization: OrganizationRecord) async throws {
        try await insertUnique { database in
            try database.execute(
                sql: "INSERT INTO organization (number, domain, createdAt) VALUES (?, ?, ?)",
                arguments: [
                    organization.number, organization.domain, organization.createdAt.timeIntervalSinceReferenceDate,
                ])
        }
    }

    /// The organization of a number.
    public func organization(number: String) async throws -> OrganizationRecord? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM organization WHERE number = ?", arguments: [number])
                .map(OrganizationRecord.init(row:))
        }
    }

    /// All organizations, by number.
    public func organizations() async throws -> [OrganizationRecord] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM organization ORDER BY number")
                .map(OrganizationRecord.init(row:))
        }
    }

    /// Adds a project.
    ///
    /// - Throws: `StoreError.alreadyExists` when its id or its number is taken.
    public func insertProject(_ project: ProjectRecord) async throws {
        let labels = try String(decoding: JSONEncoder().encode(project.labels), as: UTF8.self)
        try await insertUnique { database in
            try database.execute(
                sql: """
                    INSERT INTO project (id, number, displayName, parent, labels, createdAt)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    project.id, project.number, project.displayName, project.parent.path, labels,
                    project.createdAt.timeIntervalSinceReferenceDate,
                ])
        }
    }

    /// The project of an id or of a number.
    public func project(_ idOrNumber: String) async throws -> ProjectRecord? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM project WHERE id = ?1 OR number = ?1", arguments: [idOrNumber]
            ).map(ProjectRecord.init(row:))
        }
    }

    /// At most `limit` projects by id, those after `id` when it is given.
    public func projects(after id: String?, limit: Int) async throws -> [ProjectRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM project WHERE id > ? ORDER BY id LIMIT ?", arguments: [id ?? "", limit]
            ).map(ProjectRecord.init(row:))
        }
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
}

extension OrganizationRecord {
    fileprivate init(row: Row) {
        self.init(
            number: row["number"], domain: row["domain"],
            createdAt: Date(timeIntervalSinceReferenceDate: row["createdAt"]))
    }
}

extension ProjectRecord {
    fileprivate init(row: Row) throws {
        self.init(
            id: row["id"], number: row["number"], displayName: row["displayName"],
            parent: try Self.parent(row["parent"]), createdAt: Date(timeIntervalSinceReferenceDate: row["createdAt"]))
        let labels: String = row["labels"]
        self.labels = try JSONDecoder().decode([String: String].self, from: Data(labels.utf8))
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
