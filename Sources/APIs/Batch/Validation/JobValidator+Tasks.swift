import Requests
import SwiftProtobuf

/// Rules for task groups and what their tasks run.
extension JobValidator {
    /// Batch, quotas and limits.
    static let maxTasks: Int64 = 100_000
    static let maxParallelism: Int64 = 5000
    private static let maxTaskEnvironments = 200
    /// What an agent takes; Google documents no limit.
    private static let maxRunnables = 1000

    mutating func check(_ group: Wire.TaskGroup, at field: FieldPath) {
        if group.hasTaskCount { require(group.taskCount, 1...Self.maxTasks, at: field.task_count) }
        checkScheduling(of: group, at: field)
        if group.taskEnvironments.count > Self.maxTaskEnvironments {
            violations.add(
                field.task_environments,
                "must have at most \(Self.maxTaskEnvironments) entries, but has \(group.taskEnvironments.count)")
        } else {
            for (index, environment) in group.taskEnvironments.enumerated() {
                check(environment, at: field.task_environments[index])
                if !environment.secretVariables.isEmpty {
                    violations.addUnsupported(
                        field.task_environments[index].secret_variables, "secrets are the same for all tasks")
                }
            }
        }
        if group.requireHostsFile {
            violations.addUnsupported(field.require_hosts_file, "tasks do not know of each other's machines")
        }
        if group.permissiveSsh {
            violations.addUnsupported(field.permissive_ssh, "tasks cannot log in to each other's machines")
        }
        if group.hasTaskSpec {
            check(group.taskSpec, at: field.task_spec)
        } else {
            violations.add(field.task_spec, "is required")
        }
    }

    private mutating func checkScheduling(of group: Wire.TaskGroup, at field: FieldPath) {
        require(group.parallelism, 0...Self.maxParallelism, at: field.parallelism)
        switch group.schedulingPolicy {
        case .unspecified, .asSoonAsPossible: break
        case .inOrder:
            if group.parallelism > 1 {
                violations.add(
                    field.parallelism,
                    "must be 1 or left out with the scheduling policy IN_ORDER, "
                        + "but is \(group.parallelism)")
            }
        case .UNRECOGNIZED(let number): violations.add(field.scheduling_policy, "has no value \(number)")
        }
        // A limit that parallelism keeps anyway asks for nothing more.
        let parallelism = JobDefaults.parallelism(of: group)
        if group.taskCountPerNode < 0 {
            violations.add(field.task_count_per_node, "must not be negative, but is \(group.taskCountPerNode)")
        } else if group.taskCountPerNode > 0, group.taskCountPerNode < parallelism {
            violations.addUnsupported(
                field.task_count_per_node,
                "tasks share a machine as their compute_resource allows; to run fewer at once, lower parallelism")
        }
    }

    private mutating func check(_ spec: Wire.TaskSpec, at field: FieldPath) {
        if spec.runnables.isEmpty { violations.add(field.runnables, "must have at least one runnable") }
        if spec.runnables.count > Self.maxRunnables {
            violations.add(
                field.runnables,
                "must have at most \(Self.maxRunnables) runnables, but has \(spec.runnables.count)")
            return
        }
        let volumes = check(spec.volumes, at: field.volumes)
        for (index, runnable) in spec.runnables.enumerated() {
            check(runnable, volumes: volumes, at: field.runnables[index])
        }
        check(spec.computeResource, at: field.compute_resource)
        if spec.hasMaxRunDuration { check(spec.maxRunDuration, at: field.max_run_duration) }
        require(Int64(spec.maxRetryCount), 0...10, at: field.max_retry_count)
        check(spec.lifecyclePolicies, at: field.lifecycle_policies)
        check(variables: spec.environments, at: field.environments)
        if spec.hasEnvironment { check(spec.environment, at: field.environment) }
    }

    private mutating func check(_ resource: Wire.ComputeResource, at field: FieldPath) {
        // Far beyond any machine, and small enough to be added and multiplied without a second look.
        require(resource.cpuMilli, 0...10_000_000, at: field.cpu_milli)
        require(resource.memoryMib, 0...(1 << 30), at: field.memory_mib)
        require(resource.bootDiskMib, 0...(1 << 30), at: field.boot_disk_mib)
    }

    private mutating func check(_ policies: [Wire.LifecyclePolicy], at field: FieldPath) {
        guard policies.count <= 1 else {
            violations.add(field, "must have at most one policy, but has \(policies.count)")
            return
        }
        for (index, policy) in policies.enumerated() {
            let codes = policy.actionCondition.exitCodes
            let condition = field[index].action_condition.exit_codes
            switch policy.action {
            case .retryTask, .failTask: break
            case .unspecified: violations.add(field[index].action, "must be RETRY_TASK or FAIL_TASK")
            case .UNRECOGNIZED(let number): violations.add(field[index].action, "has no value \(number)")
            }
            if codes.isEmpty { violations.add(condition, "must have at least one exit code") }
            for (index, code) in codes.enumerated() where !(0...255).contains(code) && !(50_000...59_999).contains(code)
            {
                violations.add(condition[index], "must be 0 to 255, or a reserved code from 50000 on, but is \(code)")
            }
        }
    }
}
