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

    /// How many projects are kept, those marked for deletion among them: people make them for themselves.
    public static let mostProjects = 10_000

    /// Adds a project with its first policy and its services.
    ///
    /// - Throws: `StoreError.alreadyExists` when its id or its number is taken, `StoreError.limitReached`.
    public func insertProject(
        _ project: ProjectRecord, bindings: [Binding], services: Set<String>
    ) async throws {
        let policy = bindings.isEmpty ? nil : Self.newPolicy(bindings)
        try await insertUnique { database in
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM project") ?? 0
            guard count < Self.mostProjects else { throw StoreError.limitReached }
            try project.insert(in: database)
            if let policy { try Self.write(policy, of: .project(project.id), in: database) }
            for service in services { try Self.enable(service, project: project.id, in: database) }
        }
    }

    /// Changes a project.
    public func changeProject(
        _ idOrNumber: String, _ change: @escaping @Sendable (inout ProjectRecord) throws -> Void
    ) async throws -> ProjectRecord? {
        try await write { database in
            guard var project = try Self.project(idOrNumber, in: database) else { return nil }
            try change(&project)
            try project.update(in: database)
            return project
        }
    }

    /// The project of an id or of a number.
    public func project(_ idOrNumber: String) async throws -> ProjectRecord? {
        try await read { try Self.project(idOrNumber, in: $0) }
    }

    private static func project(_ idOrNumber: String, in database: Database) throws -> ProjectRecord? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM project WHERE id = ?1 OR number = ?1", arguments: [idOrNumber]
        ).map(ProjectRecord.init(row:))
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
