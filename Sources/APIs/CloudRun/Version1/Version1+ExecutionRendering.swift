import FoundationEssentials
import Requests
import Schema
import SwiftProtobuf
import Workload

extension Version1 {
    /// An execution as clients of v1 read it.
    static func message(_ execution: ExecutionState, in place: Place) -> V1.Execution {
        let record = execution.record
        return .with {
            $0.apiVersion = apiVersion
            $0.kind = "Execution"
            $0.metadata = metadata(
                execution, "executions", execution.id, labels: [:],
                owner: ("Job", execution.job, record.owner ?? ""), in: place)
            $0.metadata.uid = record.uid
            $0.spec.parallelism = execution.definition.parallelism
            $0.spec.taskCount = execution.definition.taskCount
            $0.spec.template.spec = taskSpec(execution.definition.template)
            $0.status.observedGeneration = 1
            $0.status.conditions = execution.conditions.map(\.version1)
            if let start = record.startedAt { $0.status.startTime = Timestamps.message(start) }
            if let end = record.endedAt { $0.status.completionTime = Timestamps.message(end) }
            $0.status.runningCount = Int32(clamping: execution.running)
            $0.status.succeededCount = Int32(clamping: execution.succeeded)
            $0.status.failedCount = Int32(clamping: execution.failed)
            $0.status.cancelledCount = Int32(clamping: execution.cancelled)
            $0.status.retriedCount = Int32(clamping: execution.retried)
            $0.status.logUri = LogLink.text(execution, in: place)
        }
    }

    /// A task as clients of v1 read it.
    static func message(_ task: TaskStanding, in place: Place) -> V1.Task {
        let execution = task.execution
        return .with {
            $0.apiVersion = apiVersion
            $0.kind = "Task"
            $0.metadata = metadata(
                execution, "tasks", task.id, labels: labels(of: task),
                owner: ("Execution", execution.id, execution.record.uid), in: place)
            $0.metadata.uid = task.uid
            if let time = task.scheduledAt { $0.metadata.annotations[ReservedKeys.scheduledTime] = text(time) }
            $0.spec = taskSpec(execution.definition.template)
            $0.status.observedGeneration = 1
            $0.status.conditions = task.conditions.map(\.version1)
            if let start = task.startedAt { $0.status.startTime = Timestamps.message(start) }
            if let end = task.completedAt { $0.status.completionTime = Timestamps.message(end) }
            $0.status.index = Int32(clamping: task.index)
            $0.status.retried = Int32(clamping: task.retried)
            if let result = task.lastAttempt {
                $0.status.lastAttemptResult = .with {
                    $0.status.code = result.code
                    $0.status.message = result.message
                    $0.exitCode = result.exitCode
                    $0.termSignal = result.signal
                }
            }
            $0.status.logUri = LogLink.text(execution, task: task.index, in: place)
        }
    }

    /// The labels by which a list of tasks selects.
    static func labels(of task: TaskStanding) -> [String: String] {
        task.execution.definition.labels.merging([
            ReservedKeys.execution: task.execution.id, ReservedKeys.runningState: task.phase.rawValue,
        ]) { _, own in own }
    }

    /// The labels by which a list of executions selects: gcloud asks for those that run.
    static func labels(of execution: ExecutionState) -> [String: String] {
        execution.definition.labels.merging([
            "run.googleapis.com/servingState": execution.isReconciling ? "Active" : "Retired"
        ]) { _, own in own }
    }

    private static func metadata(
        _ execution: ExecutionState, _ collection: String, _ id: String, labels: [String: String],
        owner: (kind: String, name: String, uid: String), in place: Place
    ) -> V1.ObjectMeta {
        .with {
            $0.name = id
            $0.namespace = place.projectNumber
            $0.selfLink = selfLink(collection, id, in: place)
            $0.resourceVersion = "\(Int64(execution.record.updatedAt.timeIntervalSince1970 * 1_000_000))"
            $0.generation = 1
            $0.creationTimestamp = Timestamps.message(execution.record.createdAt)
            $0.labels = execution.definition.labels.merging(labels) { _, own in own }
            $0.annotations = execution.definition.annotations.merging([
                ReservedKeys.creator: execution.definition.creator,
                ReservedKeys.lastModifier: execution.definition.creator,
                ReservedKeys.executionEnvironment: "gen2",
            ]) { _, own in own }
            $0.ownerReferences = [
                .with {
                    $0.apiVersion = apiVersion
                    $0.kind = owner.kind
                    $0.name = owner.name
                    $0.uid = owner.uid
                    $0.controller = true
                    $0.blockOwnerDeletion = true
                }
            ]
        }
    }
}
