import FoundationEssentials
import Schema
import Store
import SwiftProtobuf
import Workload

/// A job as it is kept, with what its author asked for and how its latest execution stands.
struct StoredJob: Sendable {
    let record: RunJobRecord
    /// With defaults filled in, without anything that Cloud Run says of it.
    let definition: V2.Job
    /// The engine's record of the latest execution; nil when there is none, or it is gone.
    let latest: JobRecord?

    /// - Throws: when the record's definition is not a job: it was written by something else.
    init(_ record: RunJobRecord, latest: JobRecord?) throws {
        self.record = record
        self.definition = try V2.Job(serializedBytes: record.definition)
        self.latest = latest
    }

    /// What tells this version of it from all others, as v1 has it.
    var resourceVersion: String { "\(record.revision)" }

    /// What tells this version of it from all others, as v2 has it.
    var etag: String {
        let name = "\(record.uid)/\(record.revision)"
        return "\"CL\(String(record.revision, radix: 36))/\(Data(name.utf8).base64EncodedString())\""
    }

    /// The token that starts an execution with a change of the job; nil for none.
    var token: Token? { Token(definition) }

    /// A name for the execution that comes with a job.
    enum Token: Hashable, Sendable {
        /// The job is ready when the execution has started.
        case start(String)
        /// The job is ready when the execution is over.
        case run(String)

        init?(_ definition: V2.Job) {
            switch definition.createExecution {
            case .startExecutionToken(let text)? where !text.isEmpty: self = .start(text)
            case .runExecutionToken(let text)? where !text.isEmpty: self = .run(text)
            default: return nil
            }
        }

        var text: String {
            switch self {
            case .start(let text), .run(let text): text
            }
        }
    }

    /// Whether something that came with the latest change is still to happen.
    var isReconciling: Bool { ready.status == .unknown }

    /// Whether it can be executed.
    var ready: Condition {
        var condition = Condition(type: "Ready", status: .yes, time: record.updatedAt)
        guard let token, let latest, latest.name.id == ExecutionID.named(by: token.text, of: record.id) else {
            return condition
        }
        switch (token, latest.state) {
        case (_, .queued), (_, .scheduled):
            (condition.status, condition.message) = (.unknown, "Waiting for execution to start.")
        case (.run, .running), (.run, .cancelling):
            (condition.status, condition.message) = (.unknown, "Waiting for execution to complete.")
        case (.run, .failed), (.run, .cancelled):
            condition.status = .no
            condition.reason = latest.state == .cancelled ? .cancelled : .nonZeroExitCode
            condition.message = "Execution \(latest.name.id) has failed to complete."
        default: break
        }
        return condition
    }

    /// How the latest execution stands.
    var completionStatus: Google_Cloud_Run_V2_ExecutionReference.CompletionStatus {
        switch latest?.state {
        case .succeeded?: .executionSucceeded
        case .failed?: .executionFailed
        case .cancelled?: .executionCancelled
        case .running?, .cancelling?, .deleting?: .executionRunning
        case .queued?, .scheduled?: .executionPending
        case nil: .unspecified
        }
    }
}

extension CloudRunContext {
    /// A job by its name.
    ///
    /// - Throws: `NOT_FOUND`
    func job(_ id: String, in place: Place) async throws -> StoredJob {
        guard let record = try await jobs.runJob(project: place.project, location: place.region, id: id) else {
            throw Refusals.missing(.job, id, in: place)
        }
        return try await stored(record)
    }

    /// A job with its latest execution.
    func stored(_ record: RunJobRecord) async throws -> StoredJob {
        var latest: JobRecord?
        if let uid = record.latestExecution?.uid { latest = try await executions.job(uid: uid) }
        return try StoredJob(record, latest: latest)
    }
}
