import Requests
import Workload

/// Rules for runnables.
extension JobValidator {
    mutating func check(_ runnable: Wire.Runnable, at field: FieldPath) {
        switch runnable.executable {
        case .script(let script): check(script, at: field.script)
        case .container: violations.addUnsupported(field.container, "only scripts can be run yet")
        case .barrier: violations.addUnsupported(field.barrier, "tasks cannot wait for each other yet")
        case nil: violations.add(field, "must have a script")
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
