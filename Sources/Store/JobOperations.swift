import FoundationEssentials
import GRDB
import Workload

extension SQLiteStore: DispatchStore {
    /// An operation, or nil.
    public func operation(_ name: String) async throws -> OperationRecord? {
        try await operations(sql: "WHERE name = ?", arguments: [name]).first
    }

    /// A page of operations, newest first.
    public func operations(
        api: JobAPI, project: String, location: String, after name: String?, limit: Int
    ) async throws -> [OperationRecord] {
        var condition = "WHERE api = ? AND project = ? AND location = ?"
        var arguments: StatementArguments = [api.rawValue, project, location]
        if let name {
            guard let last = try await operation(name) else { return [] }
            condition += " AND (created, name) < (?, ?)"
            arguments += [last.createdAt.timeIntervalSinceReferenceDate, name]
        }
        return try await operations(
            sql: condition + " ORDER BY created DESC, name DESC LIMIT ?", arguments: arguments + [limit])
    }

    /// Forgets an operation; the job that it is about is not touched.
    public func deleteOperation(_ name: String) async throws {
        try await write { try $0.execute(sql: "DELETE FROM operations WHERE name = ?", arguments: [name]) }
    }

    /// Forgets operations that were done before a time.
    public func deleteOperations(endedBefore time: Date) async throws {
        let end = time.timeIntervalSinceReferenceDate
        try await write { try $0.execute(sql: "DELETE FROM operations WHERE ended < ?", arguments: [end]) }
    }

    /// Operations under way, oldest first.
    public func openOperations() async throws -> [OperationRecord] {
        try await operations(sql: "WHERE ended IS NULL ORDER BY created", arguments: [])
    }

    /// The operation that an earlier, equal request made.
    public func operation(
        requestID: String, verb: OperationRecord.Verb, target: JobName, now: Date
    ) async throws -> OperationRecord? {
        try await operations(
            sql: "WHERE request = ? AND created >= ? ORDER BY created",
            arguments: [requestID, now.timeIntervalSinceReferenceDate - Self.requestMemory]
        ).first { $0.verb == verb && $0.target == target }
    }

    private func operations(sql condition: String, arguments: StatementArguments) async throws -> [OperationRecord] {
        try await read { database in
            try Data.fetchAll(
                database.cachedStatement(sql: "SELECT record FROM operations " + condition), arguments: arguments
            ).map { try JSONDecoder().decode(OperationRecord.self, from: $0) }
        }
    }

    /// The highest item that was applied of an agent's incarnation; 0 when none was.
    public func appliedSequence(incarnation: String) async throws -> UInt64 {
        try await read { database in
            let sequence = try Int64.fetchOne(
                database, sql: "SELECT sequence FROM agent_progress WHERE incarnation = ?", arguments: [incarnation])
            return UInt64(bitPattern: sequence ?? 0)
        }
    }

    /// Nodes that have ever connected.
    public func nodes() async throws -> [NodeRecord] {
        try await read { database in
            try Data.fetchAll(database, sql: "SELECT record FROM nodes ORDER BY name")
                .map { try JSONDecoder().decode(NodeRecord.self, from: $0) }
        }
    }
}

extension OperationRecord {
    func write(in database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO operations (name, api, project, location, created, ended, request, record)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            name, target.api.rawValue, project, location, createdAt.timeIntervalSinceReferenceDate,
            endedAt?.timeIntervalSinceReferenceDate, requestID, try JSONEncoder().encode(self),
        ])
    }
}

extension NodeRecord {
    /// Writes the node, and forgets how far its earlier incarnation had come.
    func write(in database: Database) throws {
        let earlier = try Data.fetchOne(database, sql: "SELECT record FROM nodes WHERE name = ?", arguments: [name])
            .map { try JSONDecoder().decode(NodeRecord.self, from: $0) }
        if let earlier, earlier.incarnation != incarnation {
            try database.execute(
                sql: "DELETE FROM agent_progress WHERE incarnation = ?", arguments: [earlier.incarnation])
        }
        try database.execute(
            sql: "INSERT OR REPLACE INTO nodes (name, record) VALUES (?, ?)",
            arguments: [name, try JSONEncoder().encode(self)])
    }
}
