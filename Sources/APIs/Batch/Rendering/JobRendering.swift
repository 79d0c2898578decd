import FoundationEssentials
import Requests
import SwiftProtobuf
import Workload

/// Turns a stored job into the message that clients read.
struct JobRendering: Sendable {
    /// The number of the job's project.
    let projectNumber: String
    /// The time, up to which a running job has run.
    let now: Date

    func message(_ job: StoredJob) -> Wire.Job {
        var message = job.definition
        message.status = status(job)
        message.updateTime = Timestamps.message(job.record.updatedAt)
        return message
    }

    private func status(_ job: StoredJob) -> Wire.JobStatus {
        let record = job.record
        let texts = job.texts(projectNumber: projectNumber)
        return .with {
            $0.state = record.state.wire
            $0.statusEvents = record.events.map { event($0, texts) }
            $0.runDuration = Timestamps.duration(runTime(record))
            $0.taskGroups = ["group0": group(job)]
        }
    }

    private func event(_ event: JobEvent, _ texts: StatusText) -> Wire.StatusEvent {
        .with {
            $0.eventTime = Timestamps.message(event.time)
            switch event.kind {
            case .state(let from, let to, let cause):
                $0.type = "STATUS_CHANGED"
                $0.description_p = texts.describe(from: from, to: to, cause: cause)
            case .note(let text):
                $0.type = "OPERATIONAL_INFO"
                $0.description_p = text
            }
        }
    }

    /// How long the job was in the state RUNNING, in seconds.
    func runTime(_ record: JobRecord) -> TimeInterval {
        guard let start = record.startedAt else { return 0 }
        let left = record.events.first { event in
            if case .state(from: .running, to: _, cause: _) = event.kind { true } else { false }
        }
        let end = left?.time ?? record.endedAt ?? now
        return end.timeIntervalSince(start)
    }

    private func group(_ job: StoredJob) -> Wire.JobStatus.TaskGroupStatus {
        .with {
            for (state, count) in job.record.counts where count > 0 { $0.counts[state.wireName] = Int64(count) }
            if job.record.state != .queued { $0.instances = [instance(job.definition)] }
        }
    }

    /// The machines, by what the job asked for: here they are whatever runs the tasks.
    private func instance(_ job: Wire.Job) -> Wire.JobStatus.InstanceStatus {
        let policy = job.allocationPolicy.instances.first?.policy
        return .with {
            $0.machineType = policy?.machineType ?? ""
            $0.provisioningModel =
                policy.map(\.provisioningModel).flatMap { $0 == .unspecified ? nil : $0 } ?? .standard
        }
    }
}
