import FoundationEssentials
import GRDB
import Workload

extension SQLiteStore: RunJobStore {
    /// Adds a job.
    ///
    /// - Throws: `StoreError.alreadyExists`, `StoreError.noSpace`
    public func insertRunJob(_ job: RunJobRecord) async throws {
        try await insertUnique { database in
            try database.execute(
                sql: """
                    INSERT INTO run_jobs (uid, project, location, id, created, deleted, record)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    job.uid, job.project, job.location, job.id, job.createdAt.timeIntervalSinceReferenceDate,
                    job.deletedAt?.timeIntervalSinceReferenceDate, try JSONEncoder().encode(job),
                ])
        }
    }

    /// The job of this name that is not deleted, or nil.
    public func runJob(project: String, location: String, id: String) async throws -> RunJobRecord? {
        try await runJobs(
            "WHERE project = ? AND location = ? AND id = ? AND deleted IS NULL", [project, location, id]
        ).first
    }

    /// The job of this uid, or nil.
    public func runJob(uid: String) async throws -> RunJobRecord? {
        try await runJobs("WHERE uid = ?", [uid]).first
    }

    /// A page of a project's jobs, newest first.
    public func runJobs(
        project: String, location: String?, deleted: Bool, after cursor: RunJobCursor?, limit: Int
    ) async throws -> [RunJobRecord] {
        var condition = "WHERE project = ?"
        var arguments: StatementArguments = [project]
        if let location {
            condition += " AND location = ?"
            arguments += [location]
        }
        if !deleted { condition += " AND deleted IS NULL" }
        if let cursor {
            condition += " AND (created, uid) < (?, ?)"
            arguments += [cursor.createdAt.timeIntervalSinceReferenceDate, cursor.uid]
        }
        return try await runJobs(condition + " ORDER BY created DESC, uid DESC LIMIT ?", arguments + [limit])
    }

    private func runJobs(_ condition: String, _ arguments: StatementArguments) async throws -> [RunJobRecord] {
        try await read { database in
            try Data.fetchAll(
                database.cachedStatement(sql: "SELECT record FROM run_jobs " + condition), arguments: arguments
            ).map { try JSONDecoder().decode(RunJobRecord.self, from: $0) }
        }
    }

    /// How many jobs a project has in a location, without the deleted ones.
    public func runJobCount(project: String, location: String) async throws -> Int {
        try await read { database in
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM run_jobs WHERE project = ? AND location = ? AND deleted IS NULL",
                arguments: [project, location]) ?? 0
        }
    }

    /// Changes a job, with no other change in between.
    ///
    /// - Throws: what the change throws; `StoreError.noSpace`
    public func changeRunJob(
        uid: String, _ change: @escaping @Sendable (inout RunJobRecord) throws -> Void
    ) async throws -> RunJobRecord? {
        try await write { database in
            let found = try Data.fetchOne(
                database, sql: "SELECT record FROM run_jobs WHERE uid = ?", arguments: [uid])
            guard let found else { return nil }
            var job = try JSONDecoder().decode(RunJobRecord.self, from: found)
            try change(&job)
            try database.execute(
                sql: "UPDATE run_jobs SET deleted = ?, record = ? WHERE uid = ?",
                arguments: [job.deletedAt?.timeIntervalSinceReferenceDate, try JSONEncoder().encode(job), uid])
            return job
        }
    }

    /// How many executions have not ended.
    public func runningExecutionCount(project: String, location: String) async throws -> Int {
        try await read { database in
            try Int.fetchOne(
                database.cachedStatement(
                    sql: "SELECT count(*) FROM jobs WHERE unfinished AND api = ? AND project = ? AND location = ?"),
                arguments: [JobAPI.run.rawValue, project, location]) ?? 0
        }
    }

    /// Executions of a job that are over, beyond the latest to end.
    public func surplusExecutions(of jobUID: String, keeping kept: Int, limit: Int) async throws -> [JobName] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT api, project, location, id FROM jobs WHERE owner = ? AND ended IS NOT NULL
                    ORDER BY ended DESC LIMIT ? OFFSET ?
                    """,
                arguments: [jobUID, limit, kept]
            ).map(JobName.init(row:))
        }
    }

    /// Executions of jobs that are deleted.
    public func executionsOfDeletedJobs() async throws -> [JobName] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT api, jobs.project, jobs.location, jobs.id FROM run_jobs JOIN jobs ON jobs.owner = run_jobs.uid
                    WHERE run_jobs.deleted IS NOT NULL
                    """
            ).map(JobName.init(row:))
        }
    }

    /// How many tasks of a job of the engine have been tried more than once.
    public func retriedTaskCount(of jobUID: String) async throws -> Int {
        try await read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM tasks
                    WHERE job = (SELECT key FROM jobs WHERE uid = ?) AND attempt > 0
                    """,
                arguments: [jobUID]) ?? 0
        }
    }
}
