import Methods
import Requests
import SwiftProtobuf
import Workload

/// Checks what a job is to be, as its author wrote it, by the rules of Cloud Run and by what Landfall can do.
///
/// Every field that Landfall does not serve is refused by name: nothing is accepted and then left undone.
struct DefinitionValidator {
    /// What a request may hold at most, in bytes.
    private static let maxSize = 1 << 20
    /// Seven days: no attempt takes longer (Cloud Run, quotas and limits).
    private static let longest: Int64 = 168 * 3600
    /// The most tasks of an execution (Cloud Run, quotas and limits).
    static let mostTasks: Int64 = 10_000

    let fields: DefinitionFields
    /// The directories of the nodes that stand for buckets.
    let hostDirectories: HostDirectories
    var violations = Violations()

    init(_ fields: DefinitionFields, _ hostDirectories: HostDirectories = HostDirectories()) {
        self.fields = fields
        self.hostDirectories = hostDirectories
    }

    /// Checks the definition of a job.
    ///
    /// - Parameter id: the last part of the job's name.
    /// - Throws: `INVALID_ARGUMENT` that names everything that is wrong.
    static func check(
        _ job: V2.Job, id: String, _ fields: DefinitionFields, _ hostDirectories: HostDirectories = HostDirectories()
    ) throws {
        var validator = DefinitionValidator(fields, hostDirectories)
        try validator.check(job, id: id)
        try validator.violations.check()
    }

    mutating func check(_ job: V2.Job, id: String) throws {
        let size = try job.serializedData().count
        guard size <= Self.maxSize else {
            violations.add(FieldPath("job"), "must be at most \(Self.maxSize) bytes, but has \(size)")
            return
        }
        if let unknown = try UnknownFields(in: job).first {
            violations.add(
                FieldPath("job"), "has a field that is not known here: number \(unknown.number) of \(unknown.type)")
        }
        check(labels: job.labels, at: fields.job.labels)
        check(annotations: job.annotations, at: fields.job.annotations)
        checkSettings(of: job)
        checkToken(of: job, id: id)
        check(job.template)
    }

    private mutating func checkSettings(of job: V2.Job) {
        switch job.launchStage {
        case .unspecified, .ga, .beta, .alpha: break
        default: violations.add(fields.job.launch_stage, "must be GA, BETA or ALPHA")
        }
        if job.hasBinaryAuthorization {
            violations.addUnsupported(fields.job.binary_authorization, Unsupported.binaryAuthorization)
        }
        for (text, name) in [(job.client, "client"), (job.clientVersion, "client_version")]
        where text.utf8.count > 256 || text.utf8.contains(where: { $0 < 0x20 }) {
            violations.add(FieldPath("job")[dynamicMember: name], "must be at most 256 printable characters")
        }
    }

    /// Cloud Run: the job's name and the token have fewer than 63 characters together.
    private mutating func checkToken(of job: V2.Job, id: String) {
        let (name, token): (String, String)
        switch job.createExecution {
        case .startExecutionToken(let text)?: (name, token) = ("start_execution_token", text)
        case .runExecutionToken(let text)?: (name, token) = ("run_execution_token", text)
        case nil: return
        }
        guard !token.isEmpty else { return }
        if !token.utf8.allSatisfy(JobID.isLabelByte) || token.hasSuffix("-") || id.utf8.count + token.utf8.count >= 63 {
            violations.add(
                fields.tokens[dynamicMember: name],
                "must be lower-case letters, digits and hyphens, no hyphen at the end, and fewer than 63 characters "
                    + "together with the job's name")
        }
    }

    private mutating func check(_ template: V2.ExecutionTemplate) {
        check(labels: template.labels, at: fields.template.labels)
        check(annotations: template.annotations, at: fields.template.annotations)
        require(Int64(template.taskCount), 0...Self.mostTasks, at: fields.execution.task_count)
        let tasks = max(1, Int64(template.taskCount))
        require(Int64(template.parallelism), 0...max(tasks, Int64(1)), at: fields.execution.parallelism)
        check(template.template)
    }

    private mutating func check(_ task: V2.TaskTemplate) {
        if case .maxRetries(let retries)? = task.retries {
            require(Int64(retries), 0...10, at: fields.task.max_retries)
        }
        if task.hasTimeout { check(timeout: task.timeout, at: fields.timeout) }
        if !task.serviceAccount.isEmpty, !Self.isAddress(task.serviceAccount) {
            violations.add(fields.serviceAccount, "must be the e-mail address of a service account")
        }
        switch task.executionEnvironment {
        case .unspecified, .gen2: break
        case .gen1, .UNRECOGNIZED:
            violations.addUnsupported(
                fields.setting(ReservedKeys.executionEnvironment, fields.task.execution_environment),
                "jobs run in the second generation environment")
        }
        checkUnsupported(task)
        checkContainers(of: task)
        checkVolumes(of: task)
    }

    private mutating func checkUnsupported(_ task: V2.TaskTemplate) {
        if !task.encryptionKey.isEmpty {
            violations.addUnsupported(
                fields.setting("run.googleapis.com/encryption-key", fields.task.encryption_key),
                "there is no Cloud KMS whose key could encrypt an image")
        }
        if task.hasVpcAccess {
            violations.addUnsupported(fields.task.vpc_access, Unsupported.network)
        }
        if task.hasNodeSelector || task.hasGpuZonalRedundancyDisabled {
            violations.addUnsupported(fields.task.node_selector, "tasks get no accelerators")
        }
    }

    mutating func check(timeout: Google_Protobuf_Duration, at field: FieldPath) {
        let isSound = (0..<1_000_000_000).contains(timeout.nanos) && timeout.seconds >= 0
        let isTooLong = timeout.seconds > Self.longest || (timeout.seconds == Self.longest && timeout.nanos > 0)
        if !isSound || isTooLong || (timeout.seconds == 0 && timeout.nanos == 0) {
            violations.add(field, "must be more than 0 and at most 168 hours (\(Self.longest)s)")
        }
    }

    mutating func require(_ value: Int64, _ range: ClosedRange<Int64>, at field: FieldPath) {
        guard !range.contains(value) else { return }
        violations.add(field, "must be \(range.lowerBound) to \(range.upperBound), but is \(value)")
    }

    private static func isAddress(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 320, parts.count == 2, !parts[0].isEmpty, parts[1].contains(ASCII.dot) else {
            return false
        }
        return text.utf8.allSatisfy {
            ASCII.isLetter($0) || ASCII.isDigit($0)
                || [ASCII.hyphen, ASCII.dot, ASCII.underscore, 0x40, 0x3A].contains($0)
        }
    }
}
