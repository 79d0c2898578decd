import FoundationEssentials
import Requests
import Schema
import Workload

extension Version2 {
    /// A job as clients read it.
    static func message(_ job: StoredJob, in place: Place) -> V2.Job {
        var message = job.definition
        message.name = "\(place.name)/jobs/\(job.record.id)"
        message.uid = job.record.uid
        message.generation = job.record.generation
        message.observedGeneration = job.record.generation
        message.createTime = Timestamps.message(job.record.createdAt)
        message.updateTime = Timestamps.message(job.record.updatedAt)
        if let deletedAt = job.record.deletedAt {
            message.deleteTime = Timestamps.message(deletedAt)
            message.expireTime = Timestamps.message(deletedAt + JobDeletion.memory)
        }
        message.creator = job.record.creator
        message.lastModifier = job.record.lastModifier
        message.terminalCondition = job.ready.version2
        message.executionCount = Int32(clamping: job.record.executionCount)
        if let latest = job.record.latestExecution {
            message.latestCreatedExecution = .with {
                $0.name = latest.id
                $0.createTime = Timestamps.message(latest.createdAt)
                if let end = job.latest?.endedAt { $0.completionTime = Timestamps.message(end) }
                if let deletion = latest.deletedAt { $0.deleteTime = Timestamps.message(deletion) }
                $0.completionStatus = job.completionStatus
            }
        }
        message.reconciling = job.isReconciling
        message.etag = job.etag
        return message
    }
}
