import FoundationEssentials
import Requests
import Schema
import SwiftProtobuf

extension Version1 {
    /// A job as clients of v1 read it.
    static func message(_ job: StoredJob, in place: Place) -> V1.Job {
        .with {
            $0.apiVersion = apiVersion
            $0.kind = "Job"
            $0.metadata = metadata(job, in: place)
            $0.spec.template = template(job.definition.template)
            switch job.definition.createExecution {
            case .startExecutionToken(let token)?: $0.spec.startExecutionToken = token
            case .runExecutionToken(let token)?: $0.spec.runExecutionToken = token
            case nil: break
            }
            $0.status.observedGeneration = Int32(clamping: job.record.generation)
            $0.status.conditions = [job.ready.version1]
            $0.status.executionCount = Int32(clamping: job.record.executionCount)
            guard let latest = job.record.latestExecution else { return }
            $0.status.latestCreatedExecution = .with {
                $0.name = latest.id
                $0.creationTimestamp = Timestamps.message(latest.createdAt)
                if let end = job.latest?.endedAt { $0.completionTimestamp = Timestamps.message(end) }
                if let deletion = latest.deletedAt { $0.deletionTimestamp = Timestamps.message(deletion) }
                if job.latest != nil { $0.completionStatus = name(of: job.completionStatus) }
            }
        }
    }

    private static func metadata(_ job: StoredJob, in place: Place) -> V1.ObjectMeta {
        var annotations = job.definition.annotations
        annotations[ReservedKeys.creator] = job.record.creator
        annotations[ReservedKeys.lastModifier] = job.record.lastModifier
        annotations[ReservedKeys.operationID] = job.record.operation
        if !job.definition.client.isEmpty { annotations[ReservedKeys.clientName] = job.definition.client }
        if !job.definition.clientVersion.isEmpty {
            annotations[ReservedKeys.clientVersion] = job.definition.clientVersion
        }
        switch job.definition.launchStage {
        case .beta: annotations[ReservedKeys.launchStage] = "BETA"
        case .alpha: annotations[ReservedKeys.launchStage] = "ALPHA"
        default: break
        }
        return .with {
            $0.name = job.record.id
            $0.namespace = place.projectNumber
            $0.selfLink = selfLink("jobs", job.record.id, in: place)
            $0.uid = job.record.uid
            $0.resourceVersion = job.resourceVersion
            $0.generation = Int32(clamping: job.record.generation)
            $0.creationTimestamp = Timestamps.message(job.record.createdAt)
            $0.labels = labels(of: job, in: place)
            $0.annotations = annotations
        }
    }

    /// The labels by which a list of jobs selects.
    static func labels(of job: StoredJob, in place: Place) -> [String: String] {
        job.definition.labels.merging([
            ReservedKeys.location: place.region, ReservedKeys.lastUpdatedTime: text(job.record.updatedAt),
        ]) { _, own in own }
    }

    private static func template(_ template: V2.ExecutionTemplate) -> Google_Cloud_Run_V1_ExecutionTemplateSpec {
        .with {
            // Present even when it is empty: gcloud takes a job without it for half a job.
            $0.metadata.labels = template.labels
            $0.metadata.annotations = template.annotations.merging(
                [ReservedKeys.executionEnvironment: "gen2"]) { _, own in own }
            $0.spec.taskCount = template.taskCount
            if template.parallelism > 0 { $0.spec.parallelism = template.parallelism }
            $0.spec.template.spec = taskSpec(template.template)
        }
    }

    static func selfLink(_ collection: String, _ id: String, in place: Place) -> String {
        "/apis/\(apiVersion)/namespaces/\(place.projectNumber)/\(collection)/\(id)"
    }

    /// A time as a label or an annotation has it.
    static func text(_ time: Date) -> String { Timestamps.text(time) }

    private static func name(of status: Google_Cloud_Run_V2_ExecutionReference.CompletionStatus) -> String {
        switch status {
        case .executionSucceeded: "EXECUTION_SUCCEEDED"
        case .executionFailed: "EXECUTION_FAILED"
        case .executionRunning: "EXECUTION_RUNNING"
        case .executionPending: "EXECUTION_PENDING"
        case .executionCancelled: "EXECUTION_CANCELLED"
        case .unspecified, .UNRECOGNIZED: "COMPLETION_STATUS_UNSPECIFIED"
        }
    }
}
