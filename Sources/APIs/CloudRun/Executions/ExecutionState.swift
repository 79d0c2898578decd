import FoundationEssentials
import SwiftProtobuf
import Workload

/// How far an execution has come, in the terms of Cloud Run: what both versions of the API show.
struct ExecutionState: Sendable {
    /// What the engine knows of it.
    let record: JobRecord
    /// What was asked for, with labels and annotations, and with defaults filled in.
    let definition: V2.Execution
    /// How many of its tasks have been tried more than once.
    let retried: Int

    init(_ record: JobRecord, definition: V2.Execution, retried: Int) {
        self.record = record
        self.definition = definition
        self.retried = retried
    }

    var id: String { record.name.id }
    /// The last part of its job's name.
    var job: String { definition.job }

    var running: Int { record.count(of: .running) }
    var succeeded: Int { record.count(of: .succeeded) }
    var failed: Int { record.failuresBeforeCancel ?? record.count(of: .failed) }
    /// Those that an early end stopped, and those that never began because of it.
    var cancelled: Int {
        record.count(of: .unexecuted) + record.count(of: .failed) - failed
    }

    /// Its last word, for operations and logs; nil while it is not over.
    var outcome: Outcome? {
        switch record.state {
        case .succeeded: .succeeded
        case .cancelled: .cancelled
        case .failed: .failed(timedOut: failure?.event.exitCode == ReservedExitCode.timedOut.rawValue)
        case .queued, .scheduled, .running, .cancelling, .deleting: nil
        }
    }

    enum Outcome: Hashable, Sendable {
        case succeeded
        case cancelled
        case failed(timedOut: Bool)
    }

    /// The task that made it fail; nil for none.
    private var failure: JobEvent.FailedTask? {
        if case .taskFailed(let task)? = record.ending { return task }
        return record.firstFailure
    }

    /// Whether there is more to come.
    var isReconciling: Bool { !record.state.isFinal }

    /// What it is about by itself, most telling first.
    var conditions: [Condition] {
        var conditions = [completed, resourcesAvailable, started, containerReady]
        if isReconciling {
            conditions.append(
                Condition(
                    type: "Retry", status: .yes, reason: .waitingForOperation,
                    message: "System will retry after 30:00 from lastTransitionTime for polling interval",
                    isInformation: true, time: record.startedAt ?? record.createdAt))
        }
        return conditions
    }

    /// How it ended, or what it waits for.
    var completed: Condition {
        let (status, reason, message) = completion
        return Condition(
            type: "Completed", status: status, reason: reason, message: message,
            time: record.endedAt
                ?? (record.state == .cancelling ? record.updatedAt : record.startedAt ?? record.createdAt))
    }

    private var completion: (Condition.Status, Condition.Reason?, String) {
        let end = record.endedAt ?? record.updatedAt
        switch record.state {
        case .queued, .scheduled: return (.unknown, nil, "Waiting for execution to start.")
        case .running: return (.unknown, nil, "Waiting for execution to complete.")
        case .cancelling: return (.unknown, .cancelling, "Waiting for execution to be cancelled.")
        case .deleting: return (.unknown, .deleted, "Waiting for execution to be deleted.")
        case .succeeded:
            let duration = Elapsed.text(from: record.startedAt ?? record.createdAt, to: end)
            return (.yes, nil, "Execution completed successfully in \(duration).")
        case .cancelled: return (.no, .cancelled, "Cancelled by user.")
        case .failed:
            if case .expired(let text)? = record.ending { return (.no, .internalError, text) }
            guard let failure else { return (.no, .nonZeroExitCode, "") }
            let result = AttemptResult(failure.event)
            let task = TaskID(execution: id, index: failure.index).text
            return (.no, result.reason, "Task \(task) failed with \(result.sentence)")
        }
    }

    private var containerReady: Condition {
        Condition(
            type: "ContainerReady", status: .yes, message: "Imported container image.", time: record.createdAt)
    }

    private var resourcesAvailable: Condition {
        if record.state == .queued {
            return Condition(
                type: "ResourcesAvailable", status: .unknown, message: latestNote ?? "", time: record.updatedAt)
        }
        let time = record.events.first { if case .state = $0.kind { true } else { false } }?.time
        return Condition(
            type: "ResourcesAvailable", status: .yes, message: "Provisioned imported containers.",
            time: time ?? record.createdAt)
    }

    /// Why it waits.
    private var latestNote: String? {
        for event in record.events.reversed() {
            if case .note(let text) = event.kind { return text }
        }
        return nil
    }

    private var started: Condition {
        guard let start = record.startedAt else {
            let isOver = record.state.isFinal
            return Condition(
                type: "Started", status: isOver ? .no : .unknown, reason: isOver ? completed.reason : nil,
                message: isOver ? completed.message : "", time: record.endedAt ?? record.createdAt)
        }
        let duration = Elapsed.text(from: record.createdAt, to: start)
        return Condition(
            type: "Started", status: .yes, message: "Started deployed execution in \(duration).", time: start)
    }
}
