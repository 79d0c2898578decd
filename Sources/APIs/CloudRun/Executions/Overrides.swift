import Methods
import Requests
import Schema
import SwiftProtobuf

extension Google_Cloud_Run_V2_RunJobRequest.Overrides {
    /// Whether anything is to be otherwise.
    var isEmpty: Bool { containerOverrides.isEmpty && taskCount == 0 && !hasTimeout }

    /// Carries them out on what a job says. They are valid.
    func apply(to execution: inout V2.Execution) {
        if taskCount > 0 { execution.taskCount = taskCount }
        if hasTimeout { execution.template.timeout = timeout }
        for override in containerOverrides {
            for index in execution.template.containers.indices {
                guard override.name.isEmpty || override.name == execution.template.containers[index].name else {
                    continue
                }
                if override.clearArgs_p {
                    execution.template.containers[index].args = []
                } else if !override.args.isEmpty {
                    execution.template.containers[index].args = override.args
                }
                for variable in override.env {
                    execution.template.containers[index].env.removeAll { $0.name == variable.name }
                    execution.template.containers[index].env.append(variable)
                }
            }
        }
    }
}

extension DefinitionValidator {
    /// Checks what is to be otherwise than a job says.
    ///
    /// - Throws: `INVALID_ARGUMENT` that names everything that is wrong.
    static func check(_ overrides: V2.Overrides, of job: V2.Job, _ fields: DefinitionFields) throws {
        var validator = DefinitionValidator(fields)
        let field = FieldPath("overrides")
        if let unknown = try UnknownFields(in: overrides).first {
            validator.violations.add(
                field, "has a field that is not known here: number \(unknown.number) of \(unknown.type)")
        }
        validator.require(Int64(overrides.taskCount), 0...mostTasks, at: field.task_count)
        if overrides.hasTimeout {
            validator.check(
                timeout: overrides.timeout, at: fields.version == .v1 ? field.timeout_seconds : field.timeout)
        }
        let names = job.template.template.containers.map(\.name)
        for (index, override) in overrides.containerOverrides.enumerated() {
            let field = field.container_overrides[index]
            if !override.name.isEmpty, !names.contains(override.name) {
                validator.violations.add(field.name, "names no container of the job")
            }
            if override.clearArgs_p, !override.args.isEmpty {
                validator.violations.add(field.clear_args, "cannot be set together with args")
            }
            validator.check(words: override.args, at: field.args)
            validator.check(variables: override.env, at: field.env)
            for (place, variable) in override.env.enumerated() {
                if case .valueSource? = variable.values {
                    validator.violations.addUnsupported(
                        fields.secret(ofVariable: field.env[place]), "an override has a value of its own")
                }
            }
        }
        if overrides.containerOverrides.count > 1 {
            validator.violations.add(field.container_overrides, "must be at most one: a task has one container")
        }
        try validator.violations.check()
    }
}
