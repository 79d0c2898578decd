import FoundationEssentials
import GRDB

extension SQLiteStore {
    /// Adds an operation.
    public func insertRunOperation(_ operation: RunOperationRecord) async throws {
        try await write { database in
            try database.execute(
                sql: "INSERT INTO run_operations (name, project, location, created, record) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    operation.name, operation.project, operation.location,
                    operation.createdAt.timeIntervalSinceReferenceDate, try JSONEncoder().encode(operation),
                ])
        }
    }

    /// An operation, or nil.
    public func runOperation(_ name: String) async throws -> RunOperationRecord? {
        try await runOperations("WHERE name = ?", [name]).first
    }

    /// A page of operations, newest first.
    public func runOperations(
        project: String, location: String, after name: String?, limit: Int
    ) async throws -> [RunOperationRecord] {
        var condition = "WHERE project = ? AND location = ?"
        var arguments: StatementArguments = [project, location]
        if let name {
            guard let last = try await runOperation(name) else { return [] }
            condition += " AND (created, name) < (?, ?)"
            arguments += [last.createdAt.timeIntervalSinceReferenceDate, name]
        }
        return try await runOperations(condition + " ORDER BY created DESC, name DESC LIMIT ?", arguments + [limit])
    }

    private func runOperations(_ condition: String, _ arguments: StatementArguments) async throws
        -> [RunOperationRecord]
    {
        try await read { database in
            try Data.fetchAll(
                database.cachedStatement(sql: "SELECT record FROM run_operations " + condition), arguments: arguments
            ).map { try JSONDecoder().decode(RunOperationRecord.self, from: $0) }
        }
    }

    /// Forgets an operation; what it is about is not touched.
    public func deleteRunOperation(_ name: String) async throws {
        try await write { try $0.execute(sql: "DELETE FROM run_operations WHERE name = ?", arguments: [name]) }
    }

    /// Forgets jobs that were deleted before a time, and operations that were begun before another.
    public func forgetRunJobs(deletedBefore deletion: Date, operationsBefore begin: Date) async throws {
        let (deletion, begin) = (deletion.timeIntervalSinceReferenceDate, begin.timeIntervalSinceReferenceDate)
        try await write { database in
            try database.execute(sql: "DELETE FROM run_jobs WHERE deleted < ?", arguments: [deletion])
            try database.execute(sql: "DELETE FROM run_operations WHERE created < ?", arguments: [begin])
        }
    }
}
