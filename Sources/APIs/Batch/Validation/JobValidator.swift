import Methods
import Requests
import Schema
import SwiftProtobuf

/// Checks a job as its submitter wrote it, by the rules of the Batch API and by what Landfall can do.
///
/// Every field that Landfall does not serve is refused by name: nothing is accepted and then left undone,
/// but for wishes about virtual machines that mean nothing on machines of one's own (docs/batch.md lists them).
struct JobValidator {
    /// Batch limits a definition to 1 MB.
    private static let maxSize = 1 << 20

    /// The region that the job is submitted to.
    let region: Region
    var violations = Violations()

    init(region: Region) { self.region = region }

    /// Checks a whole request to create a job.
    ///
    /// - Throws: `INVALID_ARGUMENT` that names everything that is wrong.
    static func check(_ request: Google_Cloud_Batch_V1_CreateJobRequest, in region: Region) throws {
        var validator = JobValidator(region: region)
        if !request.jobID.isEmpty, !JobID.isValid(request.jobID) {
            validator.violations.add(FieldPath("job_id"), JobID.rule)
        }
        RequestID.check(request.requestID, &validator.violations)
        if request.hasJob {
            try validator.check(request.job, at: FieldPath("job"))
        } else {
            validator.violations.add(FieldPath("job"), "is required")
        }
        try validator.violations.check()
    }

    private mutating func check(_ job: Wire.Job, at field: FieldPath) throws {
        let size = try job.serializedData().count
        guard size <= Self.maxSize else {
            violations.add(field, "must be at most \(Self.maxSize) bytes, but has \(size)")
            return
        }
        if let unknown = try UnknownFields(in: job).first {
            violations.add(
                field, "has a field that is not known here: number \(unknown.number) of \(unknown.type)")
        }
        require(job.priority, 0...99, at: field.priority)
        if job.taskGroups.count == 1 {
            check(job.taskGroups[0], at: field.task_groups[0])
        } else {
            violations.add(field.task_groups, "must have exactly one task group, but has \(job.taskGroups.count)")
        }
        check(labels: job.labels, limit: 63, predefined: TaskLogLabel.keys.union(["batch-job-id"]), at: field.labels)
        if job.hasAllocationPolicy { check(job.allocationPolicy, at: field.allocation_policy) }
        if job.hasLogsPolicy { check(job.logsPolicy, at: field.logs_policy) }
        if !job.notifications.isEmpty {
            violations.addUnsupported(field.notifications, "there is no Pub/Sub to notify")
        }
    }

    private mutating func check(_ policy: Wire.LogsPolicy, at field: FieldPath) {
        switch policy.destination {
        case .unspecified, .cloudLogging: break
        case .path: violations.addUnsupported(field.destination, "logs can go to CLOUD_LOGGING, or nowhere")
        case .UNRECOGNIZED(let number): violations.add(field.destination, "has no value \(number)")
        }
        if !policy.logsPath.isEmpty, policy.destination != .path {
            violations.addUnsupported(field.logs_path, "logs can go to CLOUD_LOGGING, or nowhere")
        }
        if policy.cloudLoggingOption.useGenericTaskMonitoredResource {
            violations.addUnsupported(
                field.cloud_logging_option.use_generic_task_monitored_resource,
                "log entries have the monitored resource batch.googleapis.com/Job")
        }
    }
}
