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
    /// How much of what the job prints is kept, in bytes of text.
    let logLimit: Int

    /// - Throws: nothing for a valid job; `LoweringError` for one that was never checked.
    func plan() throws -> Plan {
        guard let group = job.taskGroups.first else { throw LoweringError.noTaskGroup }
        let spec = group.taskSpec
        return Plan(
            taskCount: Int(group.taskCount),
            parallelism: Int(group.parallelism),
            order: group.schedulingPolicy == .inOrder ? .byIndex : .any,
            priority: Int(job.priority),
            steps: try spec.runnables.map(step),
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
            logs: logs(group))
    }

    private func step(_ runnable: Wire.Runnable) throws -> Step {
        Step(
            name: runnable.displayName.isEmpty ? nil : runnable.displayName,
            executable: try executable(runnable),
            environment: runnable.environment.variables,
            timeout: runnable.hasTimeout ? Self.limit(runnable.timeout) : nil,
            ignoresExitStatus: runnable.ignoreExitStatus,
            runsInBackground: runnable.background,
            alwaysRuns: runnable.alwaysRun,
            labels: runnable.labels)
    }

    private func executable(_ runnable: Wire.Runnable) throws -> Executable {
        switch runnable.script.command {
        case .text(let text)?: .script(text: text)
        case .path(let path)?: .file(path: path)
        case nil: throw LoweringError.notAScript
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
    private func logs(_ group: Wire.TaskGroup) -> LogPolicy {
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

    /// A limit of zero is none.
    private static func limit(_ duration: Google_Protobuf_Duration) -> Duration? {
        let limit = Duration.seconds(duration.seconds) + .nanoseconds(Int64(duration.nanos))
        return limit > .zero ? limit : nil
    }
}

/// A job that validation should have refused.
enum LoweringError: Error, Hashable {
    case noTaskGroup
    case notAScript
}
