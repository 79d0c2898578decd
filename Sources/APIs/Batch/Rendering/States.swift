import Workload

extension JobState {
    /// The state on the wire.
    var wire: Wire.JobStatus.State {
        switch self {
        case .queued: .queued
        case .scheduled: .scheduled
        case .running: .running
        case .succeeded: .succeeded
        case .failed: .failed
        case .cancelling: .cancellationInProgress
        case .cancelled: .cancelled
        case .deleting: .deletionInProgress
        }
    }

    /// Its name in JSON, in filters and in the texts of events.
    var wireName: String {
        switch self {
        case .queued: "QUEUED"
        case .scheduled: "SCHEDULED"
        case .running: "RUNNING"
        case .succeeded: "SUCCEEDED"
        case .failed: "FAILED"
        case .cancelling: "CANCELLATION_IN_PROGRESS"
        case .cancelled: "CANCELLED"
        case .deleting: "DELETION_IN_PROGRESS"
        }
    }
}

extension TaskState {
    /// The state on the wire.
    var wire: Wire.TaskStatus.State {
        switch self {
        case .pending: .pending
        case .assigned: .assigned
        case .running: .running
        case .succeeded: .succeeded
        case .failed: .failed
        case .unexecuted: .unexecuted
        }
    }

    /// Its name in JSON, in filters and in the texts of events.
    var wireName: String {
        switch self {
        case .pending: "PENDING"
        case .assigned: "ASSIGNED"
        case .running: "RUNNING"
        case .succeeded: "SUCCEEDED"
        case .failed: "FAILED"
        case .unexecuted: "UNEXECUTED"
        }
    }
}
