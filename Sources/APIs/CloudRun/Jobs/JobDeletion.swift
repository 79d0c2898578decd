import Access
import Directory
import Dispatcher
import FoundationEssentials
import Methods
import Requests
import Store
import Workload

/// Ends and forgets jobs, with all their executions.
struct JobDeletion: Sendable {
    /// How long a deleted job is shown to those who ask for deleted ones, in seconds (Cloud Run: 30 days).
    static let memory: TimeInterval = 30 * 86_400

    let context: CloudRunContext
    let place: Place

    /// - Parameter force: also while something of it runs.
    /// - Throws: `NOT_FOUND`; `FAILED_PRECONDITION` without force while an execution runs.
    func delete(_ job: StoredJob, force: Bool) async throws -> StoredJob {
        if !force, let running = try await running(of: job) {
            throw ServiceError.failedPrecondition(
                "Job '\(job.record.id)' cannot be deleted while its execution '\(running.name.id)' is running: cancel that "
                    + "first, or delete the job with force, which ends its executions.")
        }
        let now = Timestamps.rounded(context.now())
        let deleted = try await context.jobs.changeRunJob(uid: job.record.uid) { record in
            guard record.deletedAt == nil else { throw StoreError.conflict }
            record.deletedAt = now
        }
        guard let deleted else { throw Refusals.missing(.job, job.record.id, in: place) }
        try await context.removePolicy(ofJob: job.record.id, in: place)
        try await deleteExecutions(of: deleted)
        return try StoredJob(deleted, latest: nil)
    }

    private func running(of job: StoredJob) async throws -> JobRecord? {
        var found: JobRecord?
        try await context.forEachExecution(of: job.record) { execution in
            if !execution.state.isFinal, execution.state != .deleting { found = execution }
            return found == nil
        }
        return found
    }

    private func deleteExecutions(of job: RunJobRecord) async throws {
        try await context.forEachExecution(of: job) { execution in
            try await context.engine.deleteIfThere(execution.name)
            return true
        }
    }
}

extension CloudRunAPI {
    /// Ends and forgets executions whose jobs are deleted, as a server that was killed on the way may leave them.
    ///
    /// To be called before the first request.
    public static func endExecutionsOfDeletedJobs(in jobs: any RunJobStore, by engine: any Engine) async throws {
        for name in try await jobs.executionsOfDeletedJobs() { try await engine.deleteIfThere(name) }
    }
}

extension Engine {
    fileprivate func deleteIfThere(_ name: JobName) async throws {
        do {
            _ = try await delete(name, requestID: nil)
        } catch EngineError.unknownJob {
            // Gone meanwhile.
        }
    }
}

extension CloudRunContext {
    /// Removes what the policy of a job grants, so that it does not hold for one that is made under its name.
    func removePolicy(ofJob id: String, in place: Place) async throws {
        let resource = Resource.job(id, location: place.region, project: place.project)
        guard !directory.state.policy(of: resource).etag.isEmpty else { return }
        try await directory.change { try $0.removePolicy(of: resource) }
    }

    private static let chunk = 200

    /// Goes through the executions of a job, newest first, while `body` returns true.
    func forEachExecution(
        of job: RunJobRecord, _ body: (JobRecord) async throws -> Bool
    ) async throws {
        let selection = JobSelection(api: .run, project: job.project, location: job.location, owner: job.uid)
        var cursor: JobCursor?
        while true {
            let records = try await executions.jobs(selection, order: .newestFirst, after: cursor, limit: Self.chunk)
            for record in records {
                guard try await body(record) else { return }
            }
            guard records.count == Self.chunk, let last = records.last else { return }
            cursor = JobCursor(after: last)
        }
    }
}
