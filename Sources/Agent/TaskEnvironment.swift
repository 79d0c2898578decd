import Workload

/// The environment of a task's steps.
///
/// Later ones win: what a virtual machine would give, the job's variables, those of the single task, those of the step,
/// and last the variables that Batch predefines.
struct TaskEnvironment {
    private let base: [String: String]
    private let predefined: [String: String]

    init(plan: Plan, index: Int, attempt: Int) {
        var base = Self.defaults(for: plan.user)
        base.merge(plan.environment) { $1 }
        if plan.taskEnvironments.indices.contains(index) {
            base.merge(plan.taskEnvironments[index]) { $1 }
        }
        self.base = base
        predefined = plan.taskVariables.mapValues { variable in
            switch variable {
            case .index: String(index)
            case .count: String(plan.taskCount)
            case .attempt: String(attempt)
            }
        }
    }

    /// The whole environment of one step.
    func variables(for step: Step) -> [String: String] {
        base.merging(step.environment) { $1 }.merging(predefined) { $1 }
    }

    private static func defaults(for user: TaskUser) -> [String: String] {
        let (name, home, shell) =
            switch user {
            case .root: ("root", "/root", "/bin/bash")
            case .account(let account): (account.username, account.home, account.shell)
            }
        return [
            "HOME": home, "USER": name, "LOGNAME": name, "SHELL": shell, "LANG": "C.UTF-8",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ]
    }
}
