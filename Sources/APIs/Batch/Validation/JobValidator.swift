import Methods
import Requests
import Schema
import SwiftProtobuf
import Workload

/// Checks a job as its submitter wrote it, by the rules of the Batch API and by what Landfall can do.
///
/// Every field that Landfall does not serve is refused by name: nothing is accepted and then left undone,
/// but for wishes about virtual machines that mean nothing on machines of one's own (docs/batch.md lists them).
struct JobValidator {
    /// Batch limits a definition to 1 MB.
    private static let maxSize = 1 << 20

    /// The region that the job is submitted to.
    let region: Region
    /// What the operator of the nodes has opened to tasks.
    let hostDirectories: HostDirectories
    /// The names of the job's disks.
    private(set) var devices: Set<String> = []
    /// All tasks may run at once.
    private(set) var runsAllAtOnce = false
    /// The job's runnables run as its submitter's account.
    private(set) var runsAsNonRoot = false
    var violations = Violations()

    init(region: Region, hostDirectories: HostDirectories = HostDirectories()) {
        self.region = region
        self.hostDirectories = hostDirectories
    }

    /// Checks a whole request to create a job.
    ///
    /// - Throws: `INVALID_ARGUMENT` that names everything that is wrong.
    static func check(
        _ request: Google_Cloud_Batch_V1_CreateJobRequest, in region: Region,
        hostDirectories: HostDirectories = HostDirectories()
    ) throws {
        var validator = JobValidator(region: region, hostDirectories: hostDirectories)
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
        runsAllAtOnce = job.taskGroups.allSatisfy { JobDefaults.parallelism(of: $0) >= JobDefaults.taskCount(of: $0) }
        runsAsNonRoot = job.taskGroups.contains { $0.runAsNonRoot }
        devices = Set(job.allocationPolicy.instances.flatMap { $0.policy.disks.map(\.deviceName) })
        if job.taskGroups.count == 1 {
            check(job.taskGroups[0], at: field.task_groups[0])
        } else {
            violations.add(field.task_groups, "must have exactly one task group, but has \(job.taskGroups.count)")
        }
        check(labels: job.labels, limit: 63, predefined: TaskLogLabel.keys.union(["batch-job-id"]), at: field.labels)
        if job.hasAllocationPolicy { check(job.allocationPolicy, at: field.allocation_policy) }
        if job.hasLogsPolicy {
            let paths = job.taskGroups.flatMap { $0.taskSpec.volumes.map(\.mountPath) }
            check(job.logsPolicy, volumePaths: paths, at: field.logs_policy)
        }
        if !job.notifications.isEmpty {
            violations.addUnsupported(field.notifications, "there is no Pub/Sub to notify")
        }
    }

    private mutating func check(_ policy: Wire.LogsPolicy, volumePaths: [String], at field: FieldPath) {
        switch policy.destination {
        case .unspecified, .cloudLogging:
            if !policy.logsPath.isEmpty {
                violations.add(field.logs_path, "has a meaning with the destination PATH only")
            }
        case .path:
            let path = policy.directory
            if !HostDirectories.isPlain(path) || !volumePaths.contains(where: { HostDirectories.lies(path, in: $0) }) {
                violations.add(
                    field.logs_path, "must be a path in a volume of the task group, but is '\(policy.logsPath.excerpt)'"
                )
            }
        case .UNRECOGNIZED(let number): violations.add(field.destination, "has no value \(number)")
        }
        if policy.cloudLoggingOption.useGenericTaskMonitoredResource {
            violations.addUnsupported(
                field.cloud_logging_option.use_generic_task_monitored_resource,
                "log entries have the monitored resource batch.googleapis.com/Job")
        }
    }
}
