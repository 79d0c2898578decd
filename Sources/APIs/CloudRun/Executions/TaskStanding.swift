import FoundationEssentials
import Workload

/// How far a task of an execution has come, in the terms of Cloud Run.
struct TaskStanding: Sendable {
    let execution: ExecutionState
    let index: Int
    /// Nil when no agent has touched it.
    let record: TaskRecord?

    var id: String { TaskID(execution: execution.id, index: index).text }

    /// `run.googleapis.com/runningState`
    enum Phase: String, Sendable, CaseIterable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case cancelled = "Cancelled"
        case abandoned = "Abandoned"
    }

    var phase: Phase {
        guard let record else { return execution.record.isEnding ? neverRun : .pending }
        switch record.state {
        case .pending: return record.attempt > 0 ? .running : .pending
        case .assigned: return record.attempt > 0 ? .running : .pending
        case .running: return .running
        case .succeeded: return .succeeded
        case .failed: return wasStopped ? .cancelled : .failed
        case .unexecuted: return neverRun
        }
    }

    private var neverRun: Phase {
        execution.record.failuresBeforeCancel != nil ? .cancelled : .abandoned
    }

    /// It ended since somebody ended the execution.
    private var wasStopped: Bool {
        guard let cancelledAt, let endedAt = completedAt else { return false }
        return endedAt >= cancelledAt
    }

    /// When somebody ended the execution early.
    private var cancelledAt: Date? {
        execution.record.events.first { event in
            if case .state(from: _, to: .cancelling, cause: _) = event.kind { true } else { false }
        }?.time
    }

    /// When it was first given to a node.
    var scheduledAt: Date? { record?.events.first { $0.to == .assigned }?.time }
    /// When its first attempt began.
    var startedAt: Date? { record?.events.first { $0.to == .running && $0.from != .running }?.time }
    /// When it was over for good.
    var completedAt: Date? {
        guard let record, record.state.isFinal else {
            return execution.record.state.isFinal ? execution.record.endedAt : nil
        }
        return record.events.last { !$0.isCustom }?.time
    }

    /// How often it was tried again.
    var retried: Int { record?.attempt ?? 0 }

    /// How its last attempt ended; nil before the first has.
    var lastAttempt: AttemptResult? {
        if phase == .cancelled { return record?.attempt == nil ? nil : .cancelled }
        return record?.events.last { $0.exitCode != nil }.map(AttemptResult.init)
    }

    var conditions: [Condition] {
        var conditions = [completed, started]
        if let record, record.state == .pending, record.attempt > 0, let end = record.events.last?.time {
            conditions.append(
                Condition(
                    type: "Retry", status: .yes, reason: .immediateRetry,
                    message: "System will retry after 0:00:00 from lastTransitionTime for attempt \(record.attempt).",
                    isInformation: true, time: end))
        }
        return conditions
    }

    private var completed: Condition {
        let time = completedAt ?? startedAt ?? execution.record.createdAt
        func condition(_ status: Condition.Status, _ reason: Condition.Reason?, _ message: String) -> Condition {
            Condition(type: "Completed", status: status, reason: reason, message: message, time: time)
        }
        switch phase {
        case .pending: return condition(.unknown, nil, "Waiting for task to start.")
        case .running: return condition(.unknown, nil, "Waiting for task to complete.")
        case .succeeded: return condition(.yes, nil, "Task completed successfully.")
        case .cancelled: return condition(.no, .cancelled, AttemptResult.cancelled.message)
        case .abandoned: return condition(.no, .deleted, "The execution ended before the task began.")
        case .failed:
            return condition(
                .no, lastAttempt?.reason ?? .nonZeroExitCode,
                lastAttempt.map { "Task \(id) failed with \($0.sentence)" } ?? "")
        }
    }

    private var started: Condition {
        guard let startedAt else {
            let isOver = phase != .pending && phase != .running
            return Condition(
                type: "Started", status: isOver ? .no : .unknown, time: completedAt ?? execution.record.createdAt)
        }
        let duration = Elapsed.text(from: execution.record.createdAt, to: startedAt)
        return Condition(
            type: "Started", status: .yes, message: "Started deployed task in \(duration).", time: startedAt)
    }
}
