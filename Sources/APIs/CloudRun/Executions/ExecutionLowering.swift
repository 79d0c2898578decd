import Schema
import SwiftProtobuf
import Workload

/// Turns an execution into a plan, which knows nothing of Cloud Run. The execution is valid, and its defaults are filled
/// in.
struct ExecutionLowering: Sendable {
    let execution: V2.Execution
    /// The last part of its name.
    let id: String
    let place: Place
    /// Whom its tasks run as.
    let account: (email: String, uniqueID: String)
    /// The account that pulls its images.
    let serviceAgent: String
    /// The directories of the nodes that stand for buckets.
    let hostDirectories: HostDirectories
    /// How much of what it prints is kept, in bytes of text.
    let logLimit: Int

    /// Cloud Run: between SIGTERM and SIGKILL.
    private static let grace = Duration.seconds(10)

    /// - Throws: `ExecutionLoweringError` for an execution that was never checked, and `VariableExpansion.TooLong`.
    func plan() throws -> Plan {
        guard let container = execution.template.containers.first else { throw ExecutionLoweringError.noContainer }
        let limits = ContainerLimits(container.resources.limits)
        guard let cpu = limits.cpuMilli, let memory = limits.memoryMiB else { throw ExecutionLoweringError.noLimits }
        var plan = Plan(
            taskCount: Int(execution.taskCount), parallelism: Int(execution.parallelism),
            steps: [try step(container)], resources: Resources(cpuMilli: cpu, memoryMiB: memory),
            attemptLimit: .seconds(execution.template.timeout.seconds)
                + .nanoseconds(Int64(execution.template.timeout.nanos)),
            retry: RetryPolicy(maxRetries: Int(execution.template.maxRetries)),
            taskVariables: [
                "CLOUD_RUN_TASK_INDEX": .index, "CLOUD_RUN_TASK_ATTEMPT": .attempt, "CLOUD_RUN_TASK_COUNT": .count,
            ],
            logs: .keep(limit: logLimit, as: logTemplate))
        plan.onTaskFailure = .goOn
        plan.timeoutGrace = Self.grace
        plan.volumes = try execution.template.volumes.map(volume)
        plan.identity = TaskIdentity(
            account: account.email, accountID: account.uniqueID, project: place.project,
            projectNumber: place.projectNumber, region: place.region, zone: "\(place.region)-1",
            platform: .serverless, puller: serviceAgent)
        return plan
    }

    private func step(_ container: V2.Container) throws -> Step {
        var environment: [String: String] = [:]
        var secrets: [String: SecretReference] = [:]
        // Of several with one name the last one counts.
        for variable in container.env {
            environment[variable.name] = nil
            secrets[variable.name] = nil
            if case .valueSource(let source)? = variable.values {
                secrets[variable.name] = try reference(source.secretKeyRef.secret, source.secretKeyRef.version)
            } else {
                environment[variable.name] = variable.value
            }
        }
        environment.merge(["CLOUD_RUN_JOB": execution.job, "CLOUD_RUN_EXECUTION": id]) { _, own in own }
        let expansion = VariableExpansion(variables: environment)
        let program = Workload.Container(
            image: container.image,
            entrypoint: container.command.isEmpty ? nil : try expansion.expanded(container.command),
            arguments: container.args.isEmpty ? nil : try expansion.expanded(container.args),
            workingDirectory: container.workingDir.isEmpty ? nil : container.workingDir,
            mounts: container.volumeMounts.map { VolumeMount(volume: $0.name, path: $0.mountPath) },
            writesToMemory: true)
        return Step(executable: .container(program), environment: environment, secretEnvironment: secrets)
    }

    private func volume(_ volume: V2.Volume) throws -> Workload.Volume {
        switch volume.volumeType {
        case .emptyDir(let directory)?:
            let limit = Quantity.bytes(directory.sizeLimit).map { Int(($0 + (1 << 20) - 1) >> 20) }
            return Workload.Volume(name: volume.name, source: .memory(limitMiB: limit))
        case .nfs(let share)?:
            guard let path = hostDirectories.directory(ofExport: share.path, from: share.server) else {
                throw ExecutionLoweringError.unsupportedVolume
            }
            return Workload.Volume(name: volume.name, source: .hostDirectory(path: path), isReadOnly: share.readOnly)
        case .secret(let secret)?:
            return Workload.Volume(name: volume.name, source: .secrets(try files(of: secret)), isReadOnly: true)
        case .gcs(let bucket)?:
            guard let path = hostDirectories.directory(ofBucket: bucket.bucket) else {
                throw ExecutionLoweringError.unsupportedVolume
            }
            return Workload.Volume(
                name: volume.name, source: .hostDirectory(path: path), isReadOnly: bucket.readOnly)
        case .cloudSqlInstance?, nil:
            throw ExecutionLoweringError.unsupportedVolume
        }
    }

    /// Without items the latest version is a file of the secret's name (Cloud Run, secret volumes).
    private func files(of volume: Google_Cloud_Run_V2_SecretVolumeSource) throws -> [SecretFile] {
        let standard = UInt16(truncatingIfNeeded: volume.defaultMode)
        guard !volume.items.isEmpty else {
            let secret = try reference(volume.secret, "latest")
            return [SecretFile(path: secret.secret, secret: secret, mode: standard)]
        }
        return try volume.items.map { item in
            SecretFile(
                path: item.path, secret: try reference(volume.secret, item.version.isEmpty ? "latest" : item.version),
                mode: item.mode == 0 ? standard : UInt16(truncatingIfNeeded: item.mode))
        }
    }

    private func reference(_ name: String, _ version: String) throws -> SecretReference {
        guard let secret = SecretName(name) else { throw ExecutionLoweringError.noSecret }
        return SecretReference(project: secret.project ?? place.project, secret: secret.id, version: version)
    }

    /// The labels are those by which gcloud looks for entries.
    private var logTemplate: LogTemplate {
        let own = [
            "run.googleapis.com/execution_name": id, "run.googleapis.com/task_index": "{index}",
            "run.googleapis.com/task_attempt": "{attempt}", "instanceId": "\(id)-{index}-{attempt}",
        ]
        let labels = execution.labels.filter { ReservedKeys.namespace(of: $0.key) == nil }
        return LogTemplate(
            project: place.project, logID: "run.googleapis.com%2Fstdout", errorLogID: "run.googleapis.com%2Fstderr",
            resourceType: "cloud_run_job",
            resourceLabels: ["project_id": place.project, "job_name": execution.job, "location": place.region],
            labels: labels.merging(own) { _, own in own })
    }
}

/// An execution that validation should have refused.
enum ExecutionLoweringError: Error, Hashable {
    case noContainer
    case noLimits
    case noSecret
    case unsupportedVolume
}
