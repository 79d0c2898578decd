import FoundationEssentials
import GRDB
import Workload

extension SQLiteStore {
    /// The job of this name, or nil.
    public func job(named name: JobName) async throws -> JobRecord? {
        try await recentJobs.job(named: name) { try await readJob(named: name) }
    }

    private func readJob(named name: JobName) async throws -> JobRecord? {
        try await read { [plans] database in
            try Row.fetchOne(
                database.cachedStatement(
                    sql: JobRecord.selection + " WHERE api = ? AND project = ? AND location = ? AND id = ?"),
                arguments: [name.api.rawValue, name.project, name.location, name.id]
            ).map { try JobRecord(row: $0, plans: plans, in: database) }
        }
    }

    /// The job with this uid, or nil.
    public func job(uid: String) async throws -> JobRecord? {
        try await read { [plans] in try Self.job(uid: uid, plans: plans, in: $0) }
    }

    static func job(uid: String, plans: PlanCache, in database: Database) throws -> JobRecord? {
        try Row.fetchOne(
            database.cachedStatement(sql: JobRecord.selection + " WHERE uid = ?"), arguments: [uid]
        ).map { try JobRecord(row: $0, plans: plans, in: database) }
    }

    /// A page of jobs.
    public func jobs(
        _ selection: JobSelection, order: JobOrder, after cursor: JobCursor?, limit: Int
    ) async throws -> [JobRecord] {
        try await read { [plans] database in
            var sql = JobRecord.selection + " WHERE api = ? AND project = ?"
            var arguments: StatementArguments = [selection.api.rawValue, selection.project]
            if let location = selection.location {
                sql += " AND location = ?"
                arguments += [location]
            }
            if let owner = selection.owner {
                sql += " AND owner = ?"
                arguments += [owner]
            }
            if let cursor {
                sql += order.condition
                arguments += order.arguments(cursor)
            }
            sql += " ORDER BY \(order.terms) LIMIT ?"
            arguments += [limit]
            return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
                .map { try JobRecord(row: $0, plans: plans, in: database) }
        }
    }

    /// Jobs in no final state, oldest first.
    public func unfinishedJobs() async throws -> [JobRecord] {
        try await read { [plans] database in
            try Row.fetchAll(database, sql: JobRecord.selection + " WHERE unfinished ORDER BY created, uid")
                .map { try JobRecord(row: $0, plans: plans, in: database) }
        }
    }

    /// Names of jobs that ended before a time.
    public func jobs(endedBefore time: Date, limit: Int) async throws -> [JobName] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT api, project, location, id FROM jobs WHERE ended < ? ORDER BY ended LIMIT ?",
                arguments: [time.timeIntervalSinceReferenceDate, limit]
            ).map(JobName.init(row:))
        }
    }

    /// A touched task, or nil.
    public func task(_ index: Int, of jobUID: String) async throws -> TaskRecord? {
        try await tasks(of: jobUID, condition: "AND task = ?", arguments: [index]).first
    }

    /// Touched tasks by index.
    public func tasks(of jobUID: String, from first: Int, limit: Int) async throws -> [TaskRecord] {
        try await tasks(of: jobUID, condition: "AND task >= ? ORDER BY task LIMIT ?", arguments: [first, limit])
    }

    /// Touched tasks in no final state, by index.
    public func openTasks(of jobUID: String) async throws -> [TaskRecord] {
        try await tasks(
            of: jobUID, condition: "AND state <= ? ORDER BY task", arguments: [TaskState.running.code])
    }

    private func tasks(
        of jobUID: String, condition: String, arguments: StatementArguments
    ) async throws -> [TaskRecord] {
        try await read { database in
            let sql = """
                SELECT task, state, attempt, events, barriers FROM tasks
                WHERE job = (SELECT key FROM jobs WHERE uid = ?)
                """
            return try Row.fetchAll(
                database.cachedStatement(sql: sql + " " + condition), arguments: [jobUID] + arguments
            ).map(TaskRecord.init(row:))
        }
    }
}

extension JobOrder {
    fileprivate var terms: String {
        switch self {
        case .newestFirst: "created DESC, location DESC, id DESC"
        case .oldestFirst: "created, location, id"
        case .name: "location, id"
        case .nameDescending: "location DESC, id DESC"
        }
    }

    fileprivate var condition: String {
        switch self {
        case .newestFirst: " AND (created, location, id) < (?, ?, ?)"
        case .oldestFirst: " AND (created, location, id) > (?, ?, ?)"
        case .name: " AND (location, id) > (?, ?)"
        case .nameDescending: " AND (location, id) < (?, ?)"
        }
    }

    fileprivate func arguments(_ cursor: JobCursor) -> StatementArguments {
        switch self {
        case .newestFirst, .oldestFirst:
            [cursor.createdAt.timeIntervalSinceReferenceDate, cursor.location, cursor.id]
        case .name, .nameDescending:
            [cursor.location, cursor.id]
        }
    }
}
