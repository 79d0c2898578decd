import OCI
import Requests
import Workload

/// Rules for containers.
extension JobValidator {
    /// Checks a container of a task with these volumes.
    mutating func check(_ container: Wire.Runnable.Container, volumes: [Volume], at field: FieldPath) {
        check(image: container.imageUri, at: field.image_uri)
        check(words: container.commands, at: field.commands)
        check(words: [container.entrypoint], at: field.entrypoint)
        check(mounts: container.volumes, volumes: volumes, at: field.volumes)
        check(login: container, at: field)
        // With image streaming these fields are without effect (Batch API).
        guard !container.enableImageStreaming else { return }
        do {
            let options = try ContainerOptions(container.options)
            if container.blockExternalNetwork, options.network != nil {
                violations.add(field.options, "must not choose a network with block_external_network")
            }
            if options.user != nil, runsAsNonRoot {
                violations.add(field.options, "must not choose a user with run_as_non_root")
            }
            check(mounts: options.volumes, volumes: volumes, at: field.options)
            check(variables: options.environment, at: field.options)
            if let directory = options.workingDirectory, !HostDirectories.isPlain(directory) {
                violations.add(field.options, "must have an absolute path as its working directory")
            }
        } catch {
            violations.add(field.options, error.reason)
        }
    }

    private mutating func check(image: String, at field: FieldPath) {
        if image.isEmpty {
            violations.add(field, "is required")
        } else if (try? ImageReference(image)) == nil {
            violations.add(field, "must be the name of an image, such as 'us-docker.pkg.dev/demo/images/report:1'")
        }
    }

    private mutating func check(words: [String], at field: FieldPath) {
        if words.count > 10_000 { violations.add(field, "must have at most 10,000 entries, but has \(words.count)") }
        if words.contains(where: { $0.utf8.contains(0) }) {
            violations.add(field, "must not contain a NUL character")
        }
    }

    private mutating func check(mounts: [String], volumes: [Volume], at field: FieldPath) {
        for text in mounts {
            guard let mount = ContainerMount(text) else {
                violations.add(
                    field, "must look like '/host/path:/container/path' or that with ':ro', but is '\(text.excerpt)'")
                continue
            }
            guard mount.volume(among: volumes) == nil, !hostDirectories.contains(mount.host) else { continue }
            violations.addUnsupported(
                field,
                "'\(mount.host.excerpt)' is in no volume of the task and in no directory that 'landfall up --share' has "
                    + "opened")
        }
    }

    private mutating func check(login container: Wire.Runnable.Container, at field: FieldPath) {
        let parts = [container.username, container.password]
        if parts.contains(""), parts != ["", ""] {
            violations.add(
                container.username.isEmpty ? field.username : field.password, "is required where the other one is given"
            )
        }
        for (text, field) in zip(parts, [field.username, field.password])
        where text.hasPrefix("projects/") && SecretReference(path: text) == nil {
            violations.add(field, "must look like 'projects/*/secrets/*/versions/*' to be a secret")
        }
    }
}
