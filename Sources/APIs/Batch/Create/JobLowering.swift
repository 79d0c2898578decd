import SwiftProtobuf
import Workload

/// Turns a job of the Batch API into a plan, which knows nothing of it. The job is valid, and its defaults are filled in.
struct JobLowering: Sendable {
    let job: Wire.Job
    let name: JobName
    /// The number of the job's project.
    let projectNumber: String
    /// Whom the tasks run as.
    let user: TaskUser
    /// Whom their code acts as.
    let account: Account
    /// What the operator of the nodes has opened to tasks.
    let hostDirectories: HostDirectories
    /// How much of what the job prints is kept, in bytes of text.
    let logLimit: Int

    /// A service account.
    struct Account: Hashable, Sendable {
        var email: String
        var uniqueID: String
    }

    /// - Throws: nothing for a valid job; `LoweringError` for one that was never checked.
    func plan() throws -> Plan {
        guard let group = job.taskGroups.first else { throw LoweringError.noTaskGroup }
        let spec = group.taskSpec
        let volumes = VolumeLowering(hostDirectories: hostDirectories).volumes(spec.volumes)
        var extra: [Volume] = []
        var plan = Plan(
            taskCount: Int(group.taskCount),
            parallelism: Int(group.parallelism),
            order: group.schedulingPolicy == .inOrder ? .byIndex : .any,
            priority: Int(job.priority),
            steps: try spec.runnables.map { try step($0, volumes, &extra) },
            resources: Resources(
                cpuMilli: Int(spec.computeResource.cpuMilli), memoryMiB: Int(spec.computeResource.memoryMib)),
            attemptLimit: spec.hasMaxRunDuration ? Self.limit(spec.maxRunDuration) : nil,
            retry: retry(spec),
            environment: spec.environments.merging(spec.environment.variables) { _, later in later },
            taskEnvironments: group.taskEnvironments.map(\.variables),
            taskVariables: [
                "BATCH_TASK_INDEX": .index, "BATCH_TASK_COUNT": .count, "BATCH_TASK_RETRY_ATTEMPT": .attempt,
            ],
            user: user,
            logs: logs(group, volumes))
        plan.secretEnvironment = Self.secrets(spec.environment)
        plan.volumes = volumes + extra
        plan.identity = identity
        return plan
    }

    /// Batch: the account's tokens have the scopes that the job names, by default all of Google Cloud.
    private var identity: TaskIdentity {
        let scopes = job.allocationPolicy.serviceAccount.scopes
        return TaskIdentity(
            account: account.email, accountID: account.uniqueID,
            scopes: scopes.isEmpty ? [TaskIdentity.cloudPlatform] : scopes, project: name.project,
            projectNumber: projectNumber, region: name.location, zone: job.zone(in: name.location),
            platform: .virtualMachine, puller: account.email)
    }

    private static func secrets(_ environment: Wire.Environment) -> [String: SecretReference] {
        environment.secretVariables.compactMapValues(SecretReference.init(path:))
    }

    private func step(_ runnable: Wire.Runnable, _ volumes: [Volume], _ extra: inout [Volume]) throws -> Step {
        let (executable, environment) = try executable(runnable, volumes, &extra)
        return Step(
            name: runnable.title,
            executable: executable,
            environment: runnable.environment.variables.merging(environment) { own, _ in own },
            secretEnvironment: Self.secrets(runnable.environment),
            timeout: runnable.hasTimeout ? Self.limit(runnable.timeout) : nil,
            ignoresExitStatus: runnable.ignoreExitStatus,
            runsInBackground: runnable.background,
            alwaysRuns: runnable.alwaysRun,
            labels: runnable.labels)
    }

    /// What is run, and what that adds to the environment.
    private func executable(
        _ runnable: Wire.Runnable, _ volumes: [Volume], _ extra: inout [Volume]
    ) throws -> (Executable, [String: String]) {
        if case .barrier? = runnable.executable { return (.barrier, [:]) }
        if case .container(let container)? = runnable.executable {
            let lowering = ContainerLowering(
                container: container, volumes: volumes, hostDirectories: hostDirectories)
            let lowered = try lowering.lowered(adding: &extra)
            return (.container(lowered.container), lowered.environment)
        }
        switch runnable.script.command {
        case .text(let text)?: return (.script(text: text), [:])
        case .path(let path)?: return (.file(path: path), [:])
        case nil: throw LoweringError.nothingToRun
        }
    }

    private func retry(_ spec: Wire.TaskSpec) -> RetryPolicy {
        let rule = spec.lifecyclePolicies.first.map { policy in
            RetryPolicy.Rule(
                action: policy.action == .retryTask ? .retry : .fail,
                exitCodes: Set(policy.actionCondition.exitCodes))
        }
        return RetryPolicy(maxRetries: Int(spec.maxRetryCount), rule: rule)
    }

    /// Batch keeps logs only when told to. The labels are those by which clients look for entries.
    private func logs(_ group: Wire.TaskGroup, _ volumes: [Volume]) -> LogPolicy {
        if job.logsPolicy.destination == .path { return files(in: volumes) }
        guard job.logsPolicy.destination == .cloudLogging else { return .discard }
        let own: [TaskLogLabel: String] = [
            .jobUID: job.uid, .taskID: "\(job.uid)-group0-{index}", .taskGroupName: group.name,
            .runnableIndex: "{step}",
        ]
        let template = LogTemplate(
            project: name.project, logID: "batch_task_logs", resourceType: "batch.googleapis.com/Job",
            resourceLabels: [
                "resource_container": "projects/\(projectNumber)", "location": name.location, "job_id": name.id,
            ],
            labels: own.reduce(into: job.labels) { $0[$1.key.rawValue] = $1.value })
        return .keep(limit: logLimit, as: template)
    }

    /// Where the destination `PATH` leads to.
    private func files(in volumes: [Volume]) -> LogPolicy {
        let path = job.logsPolicy.directory
        let mount = ContainerMount("\(path):\(path)")
        guard let found = mount?.volume(among: volumes) else { return .discard }
        return .files(
            LogFiles(
                volume: found.name, directory: found.subpath, name: "\(job.uid)-group0-{index}",
                label: "task/\(job.uid)-group0-{index}/{attempt}/0,runnable_index:{step}"))
    }

    /// A limit of zero is none.
    private static func limit(_ duration: Google_Protobuf_Duration) -> Duration? {
        let limit = Duration.seconds(duration.seconds) + .nanoseconds(Int64(duration.nanos))
        return limit > .zero ? limit : nil
    }
}

extension Wire.LogsPolicy {
    /// The directory that `logsPath` names; dsub ends it with a slash.
    var directory: String {
        let end = logsPath.lastIndex { $0 != "/" }
        return end.map { String(logsPath[...$0]) } ?? logsPath
    }
}

extension Wire.Runnable {
    /// What people call it; a barrier has a name of its own.
    fileprivate var title: String? {
        [displayName, barrier.name].first { !$0.isEmpty }
    }
}

/// A job that validation should have refused.
enum LoweringError: Error, Hashable {
    case noTaskGroup
    case nothingToRun
}
