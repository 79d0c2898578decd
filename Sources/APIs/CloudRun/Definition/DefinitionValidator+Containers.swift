import OCI
import Requests
import Schema

/// Containers (Cloud Run: container contract; CPU and memory limits).
extension DefinitionValidator {
    private static let longestText = 32_768
    private static let mostWords = 1000

    mutating func checkContainers(of task: V2.TaskTemplate) {
        let field = fields.task.containers
        guard task.containers.count == 1 else {
            if task.containers.isEmpty {
                violations.add(field, "must have a container")
            } else {
                violations.addUnsupported(field, "a task has one container, without sidecars")
            }
            return
        }
        check(task.containers[0], volumes: Set(task.volumes.map(\.name)), at: field[0])
    }

    private mutating func check(_ container: V2.Container, volumes: Set<String>, at field: FieldPath) {
        if !container.name.isEmpty, !JobID.isLabel(container.name, longest: 63) {
            violations.add(field.name, "must be lower-case letters, digits and hyphens")
        }
        checkImage(container.image, at: field.image)
        check(words: container.command, at: field.command)
        check(words: container.args, at: field.args)
        check(variables: container.env, at: field.env)
        check(container.resources, at: field.resources)
        if !container.workingDir.isEmpty { checkPath(container.workingDir, at: field.working_dir) }
        var paths: Set<String> = []
        for (index, mount) in container.volumeMounts.enumerated() {
            let field = field.volume_mounts[index]
            if !volumes.contains(mount.name) { violations.add(field.name, "names no volume") }
            checkPath(mount.mountPath, at: field.mount_path)
            if !paths.insert(mount.mountPath).inserted { violations.add(field.mount_path, "is another volume's too") }
            if !mount.subPath.isEmpty {
                violations.addUnsupported(field.sub_path, "volumes are mounted as a whole")
            }
        }
    }

    private mutating func checkImage(_ image: String, at field: FieldPath) {
        if image.isEmpty {
            violations.add(field, "is required")
        } else if (try? ImageReference(image)) == nil {
            violations.add(
                field, "must be the name of an image, such as us-central1-docker.pkg.dev/demo/images/report:1")
        }
    }

    mutating func check(words: [String], at field: FieldPath) {
        if words.count > Self.mostWords { violations.add(field, "must have at most \(Self.mostWords) elements") }
        for (index, word) in words.enumerated() where word.utf8.contains(0) || word.utf8.count > Self.longestText {
            violations.add(field[index], "must be at most \(Self.longestText) bytes without a NUL character")
        }
    }

    mutating func check(variables: [V2.EnvVar], at field: FieldPath) {
        if variables.count > Self.mostWords { violations.add(field, "must have at most \(Self.mostWords) variables") }
        for (index, variable) in variables.enumerated() {
            if !Self.isIdentifier(variable.name) {
                violations.add(
                    field[index].name, "must be letters, digits and '_', with no digit first")
            }
            switch variable.values {
            case .value(let text)?:
                if text.utf8.contains(0) || text.utf8.count > Self.longestText {
                    violations.add(
                        field[index].value, "must be at most \(Self.longestText) bytes without a NUL character")
                }
            case .valueSource(let source)?:
                checkSecret(source.secretKeyRef.secret, at: fields.secret(ofVariable: field[index]))
            case nil: break
            }
        }
    }

    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= longestText, !ASCII.isDigit(first) else { return false }
        return text.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == ASCII.underscore }
    }

    private mutating func check(_ resources: Google_Cloud_Run_V2_ResourceRequirements, at field: FieldPath) {
        for key in resources.limits.keys.sorted() where key != "cpu" && key != "memory" {
            violations.addUnsupported(field.limits[key], "a task gets processors and memory")
        }
        let limits = ContainerLimits(resources.limits)
        guard let cpu = limits.cpuMilli else {
            violations.add(field.limits["cpu"], "must be 1, 2, 4, 6 or 8")
            return
        }
        guard let memory = limits.memoryMiB else {
            violations.add(field.limits["memory"], "must be an amount such as 512Mi or 2Gi")
            return
        }
        if let problem = limits.problem(cpuMilli: cpu, memoryMiB: memory) {
            violations.add(field.limits[problem.key], problem.text)
        }
    }

    mutating func checkPath(_ path: String, at field: FieldPath) {
        let parts = path.split(separator: "/")
        if !path.hasPrefix("/") || path.utf8.count > 4096 || path.utf8.contains(where: { $0 < 0x20 || $0 == 0x3A })
            || parts.contains("..") || parts.contains(".")
        {
            violations.add(field, "must be an absolute path without ':'")
        }
    }
}
