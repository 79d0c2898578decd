import Requests
import Workload

/// Rules for runnables.
extension JobValidator {
    /// Checks a runnable of a task with these volumes.
    mutating func check(_ runnable: Wire.Runnable, volumes: [Volume], at field: FieldPath) {
        switch runnable.executable {
        case .script(let script): check(script, at: field.script)
        case .container(let container): check(container, volumes: volumes, at: field.container)
        case .barrier(let barrier):
            if barrier.name.utf8.count > 256 { violations.add(field.barrier.name, "must be at most 256 bytes long") }
            if !runsAllAtOnce {
                violations.add(field.barrier, "needs all tasks at once: parallelism must be the number of tasks")
            }
        case nil: violations.add(field, "must have a script, a container or a barrier")
        }
        if runnable.displayName.utf8.count > 256 {
            violations.add(field.display_name, "must be at most 256 bytes long")
        } else if runnable.displayName.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            violations.add(field.display_name, "must not contain control characters")
        }
        if runnable.hasTimeout { check(runnable.timeout, at: field.timeout) }
        if runnable.hasEnvironment { check(runnable.environment, at: field.environment) }
        check(labels: runnable.labels, limit: 63, predefined: TaskLogLabel.keys, at: field.labels)
    }

    private mutating func check(_ script: Wire.Runnable.Script, at field: FieldPath) {
        switch script.command {
        case .text(let text):
            if !text.contains(where: { !$0.isWhitespace }) {
                violations.add(field.text, "must not be empty")
            } else if text.utf8.contains(0) {
                violations.add(field.text, "must not contain a NUL character")
            }
        case .path(let path):
            if !path.hasPrefix("/") {
                violations.add(field.path, "must be an absolute path, but is '\(path.excerpt)'")
            } else if path.utf8.contains(0) || path.utf8.count > 4095 {
                violations.add(field.path, "must be at most 4,095 bytes without a NUL character")
            }
        case nil:
            violations.add(field, "must have either text or path")
        }
    }
}
