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
    var loggedBytes: Int

    init(of job: JobRecord) {
        state = job.state
        updatedAt = job.updatedAt
        startedAt = job.startedAt
        endedAt = job.endedAt
        events = job.events
        counts = job.counts
        nextIndex = job.nextIndex
        ending = job.ending
        loggedBytes = job.loggedBytes
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
        job.loggedBytes = loggedBytes
    }
}

extension JobRecord {
    /// What changes of a job, for `init(row:plans:in:)`.
    static let selection = "SELECT key, uid, project, location, id, submitter, created, progress FROM jobs"

    /// A job from a row of `selection`.
    init(row: Row, plans: PlanCache, in database: Database) throws {
        let uid: String = row["uid"]
        let definition = try plans.entry(uid: uid, key: row["key"], in: database)
        self.init(
            uid: uid,
            name: JobName(project: row["project"], location: row["location"], id: row["id"]),
            plan: definition.plan, createdAt: Date(timeIntervalSinceReferenceDate: row["created"]),
            source: definition.source, submitter: row["submitter"])
        try JSONDecoder().decode(JobProgress.self, from: row["progress"]).fill(&self)
    }

    func insert(into database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO jobs (uid, project, location, id, submitter, created, ended, unfinished, progress)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            uid, name.project, name.location, name.id, submitter, createdAt.timeIntervalSinceReferenceDate,
            endedAt?.timeIntervalSinceReferenceDate, !state.isFinal, try JSONEncoder().encode(JobProgress(of: self)),
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
