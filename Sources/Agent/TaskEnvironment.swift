import FoundationEssentials
import Images
import Workload

/// The environment of a task's steps.
///
/// Later ones win: what a virtual machine or the image would give, the way to the task's services, the job's variables,
/// those of the single task, those of the step, and last the variables that the API predefines.
struct TaskEnvironment {
    private let machine: [String: String]
    private let base: [String: String]
    private let predefined: [String: String]
    private let secrets: SecretTexts

    /// - Parameter secrets: the values of those that the plan names.
    /// - Throws: `SandboxError` for a secret that cannot be the value of a variable.
    init(plan: Plan, index: Int, attempt: Int, secrets: [SecretReference: Data] = [:]) throws {
        self.secrets = SecretTexts(values: secrets)
        machine = Self.defaults(for: plan.user)
        var base = plan.identity == nil ? [:] : ServiceEnvironment.variables
        base.merge(plan.environment) { $1 }
        base.merge(try self.secrets.variables(plan.secretEnvironment)) { $1 }
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

    /// The whole environment of a step that is a script or a file.
    ///
    /// - Throws: `SandboxError` for a secret that cannot be the value of a variable.
    func variables(for step: Step) throws -> [String: String] { try variables(for: step, over: machine) }

    /// The whole environment of a step that is a container: in place of a virtual machine there is the image.
    ///
    /// - Throws: `SandboxError` for a secret that cannot be the value of a variable.
    func variables(for step: Step, of image: ImageConfiguration) throws -> [String: String] {
        var own = ["PATH": Self.path]
        for variable in image.environment {
            let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, !parts[0].isEmpty { own[String(parts[0])] = String(parts[1]) }
        }
        return try variables(for: step, over: own)
    }

    private func variables(for step: Step, over own: [String: String]) throws -> [String: String] {
        let secret = try secrets.variables(step.secretEnvironment)
        return own.merging(base) { $1 }.merging(step.environment) { $1 }.merging(secret) { $1 }
            .merging(predefined) { $1 }
    }

    private static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private static func defaults(for user: TaskUser) -> [String: String] {
        let (name, home, shell) =
            switch user {
            case .root: ("root", "/root", "/bin/bash")
            case .account(let account): (account.username, account.home, account.shell)
            }
        return [
            "HOME": home, "USER": name, "LOGNAME": name, "SHELL": shell, "LANG": "C.UTF-8",
            "PATH": path,
        ]
    }
}
