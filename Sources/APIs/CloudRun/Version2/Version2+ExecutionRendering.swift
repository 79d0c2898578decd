import FoundationEssentials
import Requests
import Schema
import SwiftProtobuf
import Workload

extension Version2 {
    /// An execution as clients read it.
    static func message(_ execution: ExecutionState, in place: Place) -> V2.Execution {
        let record = execution.record
        var message = execution.definition
        message.name = "\(place.name)/jobs/\(execution.job)/executions/\(execution.id)"
        message.uid = record.uid
        message.generation = 1
        message.observedGeneration = 1
        message.createTime = Timestamps.message(record.createdAt)
        if let start = record.startedAt { message.startTime = Timestamps.message(start) }
        if let end = record.endedAt { message.completionTime = Timestamps.message(end) }
        message.updateTime = Timestamps.message(record.updatedAt)
        if record.state == .deleting { message.deleteTime = Timestamps.message(record.updatedAt) }
        message.reconciling = execution.isReconciling
        message.conditions = execution.conditions.map(\.version2)
        message.runningCount = Int32(clamping: execution.running)
        message.succeededCount = Int32(clamping: execution.succeeded)
        message.failedCount = Int32(clamping: execution.failed)
        message.cancelledCount = Int32(clamping: execution.cancelled)
        message.retriedCount = Int32(clamping: execution.retried)
        message.logUri = LogLink.text(execution, in: place)
        message.etag = etag(record.uid, record.updatedAt)
        return message
    }

    /// A task as clients read it.
    static func message(_ task: TaskStanding, in place: Place) -> V2.Task {
        let execution = task.execution
        let template = execution.definition.template
        return .with {
            $0.name = "\(place.name)/jobs/\(execution.job)/executions/\(execution.id)/tasks/\(task.id)"
            $0.uid = task.uid
            $0.generation = 1
            $0.observedGeneration = 1
            $0.labels = execution.definition.labels.merging([ReservedKeys.execution: execution.id]) { _, own in own }
            $0.annotations = execution.definition.annotations
            $0.createTime = Timestamps.message(execution.record.createdAt)
            if let time = task.scheduledAt { $0.scheduledTime = Timestamps.message(time) }
            if let time = task.startedAt { $0.startTime = Timestamps.message(time) }
            if let time = task.completedAt { $0.completionTime = Timestamps.message(time) }
            $0.updateTime = Timestamps.message(task.changedAt)
            $0.job = execution.job
            $0.execution = execution.id
            $0.containers = template.containers
            $0.volumes = template.volumes
            $0.maxRetries = template.maxRetries
            $0.timeout = template.timeout
            $0.serviceAccount = template.serviceAccount
            $0.executionEnvironment = template.executionEnvironment
            $0.reconciling = task.completedAt == nil
            $0.conditions = task.conditions.map(\.version2)
            $0.index = Int32(clamping: task.index)
            $0.retried = Int32(clamping: task.retried)
            if let result = task.lastAttempt { $0.lastAttemptResult = message(result) }
            $0.logUri = LogLink.text(execution, task: task.index, in: place)
            $0.etag = etag(task.uid, task.changedAt)
        }
    }

    private static func message(_ result: AttemptResult) -> Google_Cloud_Run_V2_TaskAttemptResult {
        .with {
            $0.status = .with {
                $0.code = result.code
                $0.message = result.message
            }
            $0.exitCode = result.exitCode
            $0.termSignal = result.signal
        }
    }

    private static func etag(_ uid: String, _ changedAt: Date) -> String {
        let moment = String(Int64(changedAt.timeIntervalSince1970 * 1_000_000), radix: 36)
        return "\"CL\(moment)/\(Data(uid.utf8).base64EncodedString())\""
    }
}

extension TaskStanding {
    /// The execution's, with the index in place of its last digits.
    var uid: String {
        let digits = String(index, radix: 16)
        return String(execution.record.uid.dropLast(12)) + String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// When anything of it changed last.
    var changedAt: Date { record?.events.last?.time ?? completedAt ?? execution.record.createdAt }
}
