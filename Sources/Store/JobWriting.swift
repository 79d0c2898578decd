import FoundationEssentials
import GRDB
import Workload

extension SQLiteStore: JobStore {
    /// How long a request id is remembered, in seconds (Batch API: at least 60 minutes).
    static let requestMemory: TimeInterval = 3600

    /// Adds a job.
    public func insertJob(_ job: JobRecord, requestID: String?) async throws -> JobRecord {
        try await write { [plans] database in
            if let requestID, let earlier = try Self.earlierJob(job, requestID: requestID, plans, in: database) {
                return earlier
            }
            do {
                try job.insert(into: database)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                throw StoreError.alreadyExists
            }
            if let requestID { try Self.remember(requestID, for: job, in: database) }
            return job
        }
    }

    private static func earlierJob(
        _ job: JobRecord, requestID: String, _ plans: PlanCache, in database: Database
    ) throws -> JobRecord? {
        try database.execute(
            sql: "DELETE FROM job_requests WHERE received < ?",
            arguments: [job.createdAt.timeIntervalSinceReferenceDate - requestMemory])
        let uid = try String.fetchOne(
            database,
            sql: "SELECT uid FROM job_requests WHERE project = ? AND location = ? AND request = ?",
            arguments: [job.name.project, job.name.location, requestID])
        return try uid.flatMap { try Self.job(uid: $0, plans: plans, in: database) }
    }

    private static func remember(_ requestID: String, for job: JobRecord, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO job_requests (project, location, request, uid, received)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                job.name.project, job.name.location, requestID, job.uid,
                job.createdAt.timeIntervalSinceReferenceDate,
            ])
    }

    /// Carries out a change, all of it or nothing.
    public func apply(_ change: JobChange) async throws {
        try await recentJobs.changing(change.jobs.map(\.uid) + change.removedJobs) { try await write(change) }
    }

    private func write(_ change: JobChange) async throws {
        try await write { database in
            for job in change.jobs { try job.update(in: database) }
            for (uid, tasks) in change.tasks {
                guard let key = try Self.key(of: uid, in: database) else { continue }
                for task in tasks { try task.write(job: key, in: database) }
            }
            for uid in change.removedJobs { try Self.removeJob(uid, in: database) }
            for operation in change.operations { try operation.write(in: database) }
            for (incarnation, sequence) in change.progress {
                try database.cachedStatement(
                    sql: "INSERT OR REPLACE INTO agent_progress (incarnation, sequence) VALUES (?, ?)"
                ).execute(arguments: [incarnation, Int64(bitPattern: sequence)])
            }
            for node in change.nodes { try node.write(in: database) }
        }
    }

    /// The row of a job, or nil.
    static func key(of uid: String, in database: Database) throws -> Int64? {
        try Int64.fetchOne(database.cachedStatement(sql: "SELECT key FROM jobs WHERE uid = ?"), arguments: [uid])
    }

    private static func removeJob(_ uid: String, in database: Database) throws {
        guard let key = try key(of: uid, in: database) else { return }
        for table in ["tasks", "job_plans"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE job = ?", arguments: [key])
        }
        try database.execute(sql: "DELETE FROM jobs WHERE key = ?", arguments: [key])
    }
}
