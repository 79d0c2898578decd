import FoundationEssentials
import GRDB
import Workload

/// The part of a job that changes while it runs: one small blob of its row.
struct JobProgress: Codable {
    var state: JobState
    var updatedAt: Date
    var startedAt: Date?
    var endedAt: Date?
    var events: [JobEvent]
    var counts: [TaskState: Int]
    var nextIndex: Int
    var ending: JobRecord.Ending?
    var firstFailure: JobEvent.FailedTask?
    var failuresBeforeCancel: Int?
    var loggedBytes: Int
    /// Absent in what the first releases wrote.
    var barriers: [Int]?

    init(of job: JobRecord) {
        state = job.state
        updatedAt = job.updatedAt
        startedAt = job.startedAt
        endedAt = job.endedAt
        events = job.events
        counts = job.counts
        nextIndex = job.nextIndex
        ending = job.ending
        firstFailure = job.firstFailure
        failuresBeforeCancel = job.failuresBeforeCancel
        loggedBytes = job.loggedBytes
        barriers = job.barriers.isEmpty ? nil : job.barriers
    }

    func fill(_ job: inout JobRecord) {
        job.state = state
        job.updatedAt = updatedAt
        job.startedAt = startedAt
        job.endedAt = endedAt
        job.events = events
        job.counts = counts
        job.nextIndex = nextIndex
        job.ending = ending
        job.firstFailure = firstFailure
        job.failuresBeforeCancel = failuresBeforeCancel
        job.loggedBytes = loggedBytes
        if let barriers { job.barriers = barriers }
    }
}

extension JobRecord {
    /// What changes of a job, for `init(row:plans:in:)`.
    static let selection = "SELECT key, uid, api, project, location, id, submitter, owner, created, progress FROM jobs"

    /// A job from a row of `selection`.
    init(row: Row, plans: PlanCache, in database: Database) throws {
        let uid: String = row["uid"]
        let definition = try plans.entry(uid: uid, key: row["key"], in: database)
        self.init(
            uid: uid,
            name: try JobName(row: row),
            plan: definition.plan, createdAt: Date(timeIntervalSinceReferenceDate: row["created"]),
            source: definition.source, submitter: row["submitter"], owner: row["owner"])
        try JSONDecoder().decode(JobProgress.self, from: row["progress"]).fill(&self)
    }

    func insert(into database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO jobs
                    (uid, api, project, location, id, submitter, owner, created, ended, unfinished, progress)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            uid, name.api.rawValue, name.project, name.location, name.id, submitter, owner,
            createdAt.timeIntervalSinceReferenceDate, endedAt?.timeIntervalSinceReferenceDate, !state.isFinal,
            try JSONEncoder().encode(JobProgress(of: self)),
        ])
        try database.cachedStatement(sql: "INSERT INTO job_plans (job, plan, source) VALUES (?, ?, ?)")
            .execute(arguments: [database.lastInsertedRowID, try JSONEncoder().encode(plan), source])
    }

    /// Writes what has changed; plan and source are as they were inserted.
    func update(in database: Database) throws {
        try database.cachedStatement(sql: "UPDATE jobs SET ended = ?, unfinished = ?, progress = ? WHERE uid = ?")
            .execute(arguments: [
                endedAt?.timeIntervalSinceReferenceDate, !state.isFinal,
                try JSONEncoder().encode(JobProgress(of: self)), uid,
            ])
    }
}

extension JobName {
    /// The name in a row with `api`, `project`, `location` and `id`.
    init(row: Row) throws {
        guard let api = JobAPI(rawValue: row["api"]) else {
            throw DatabaseError(message: "a job is of no API that this release knows")
        }
        self.init(api: api, project: row["project"], location: row["location"], id: row["id"])
    }
}
