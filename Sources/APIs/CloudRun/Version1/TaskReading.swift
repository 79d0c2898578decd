import Requests
import Schema
import SwiftProtobuf

extension Version1 {
    /// Reads what a request of v1 says of a task.
    struct TaskReading {
        let fields: DefinitionFields
        /// Names of secrets in other projects, by what the task calls them.
        let aliases: [String: String]
        private(set) var violations = Violations()

        init(fields: DefinitionFields, aliases: [String: String]) {
            self.fields = fields
            self.aliases = aliases
        }

        mutating func read(_ task: V1.TaskSpec) -> V2.TaskTemplate {
            var result = V2.TaskTemplate()
            result.serviceAccount = task.serviceAccountName
            if task.hasMaxRetries { result.maxRetries = task.maxRetries }
            if task.hasTimeoutSeconds { result.timeout = Google_Protobuf_Duration(seconds: task.timeoutSeconds) }
            if !task.nodeSelector.isEmpty { result.nodeSelector = Google_Cloud_Run_V2_NodeSelector() }
            result.volumes = task.volumes.enumerated().map { volume($1, at: fields.task.volumes[$0]) }
            let writable = Set(
                task.volumes.filter { !$0.hasSecret && !$0.nfs.readOnly && !$0.csi.readOnly }.map(\.name))
            result.containers = task.containers.enumerated().map { index, container in
                read(container, writable: writable, at: fields.container(index))
            }
            return result
        }

        /// - Parameter writable: the volumes that tasks may write to.
        private mutating func read(_ container: V1.Container, writable: Set<String>, at field: FieldPath)
            -> V2.Container
        {
            var result = V2.Container()
            result.name = container.name
            result.image = container.image
            result.command = container.command
            result.args = container.args
            result.workingDir = container.workingDir
            // Requests are not supported by Cloud Run, and limits hold in their place.
            result.resources.limits = container.resources.limits
            result.env = container.env.enumerated().map { variable($1, at: field.env[$0]) }
            for (index, mount) in container.volumeMounts.enumerated() {
                if mount.readOnly, writable.contains(mount.name) {
                    violations.addUnsupported(
                        field.volume_mounts[index].read_only, "it is the volume that is read-only, in all its mounts")
                }
                result.volumeMounts.append(
                    .with {
                        $0.name = mount.name
                        $0.mountPath = mount.mountPath
                        $0.subPath = mount.subPath
                    })
            }
            return result
        }

        mutating func variable(_ variable: V1.EnvVar, at field: FieldPath) -> V2.EnvVar {
            var result = V2.EnvVar()
            result.name = variable.name
            guard variable.hasValueFrom, variable.valueFrom.hasSecretKeyRef else {
                result.value = variable.value
                return result
            }
            let reference = variable.valueFrom.secretKeyRef
            let name = reference.name.isEmpty ? reference.localObjectReference.name : reference.name
            if reference.optional {
                violations.addUnsupported(field.value_from.secret_key_ref.optional, "a secret must be there")
            }
            result.valueSource.secretKeyRef.secret = aliases[name] ?? name
            result.valueSource.secretKeyRef.version = reference.key
            return result
        }

        private mutating func volume(_ volume: V1.Volume, at field: FieldPath) -> V2.Volume {
            var result = V2.Volume()
            result.name = volume.name
            let kinds = [volume.hasSecret, volume.hasEmptyDir, volume.hasNfs, volume.hasCsi].count { $0 }
            if kinds > 1 { violations.add(field, "must be one kind of volume") }
            if volume.hasSecret {
                result.secret = secret(volume.secret, at: field.secret)
            } else if volume.hasEmptyDir {
                result.emptyDir = emptyDirectory(volume.emptyDir, at: field.empty_dir)
            } else if volume.hasNfs {
                result.nfs = .with {
                    $0.server = volume.nfs.server
                    $0.path = volume.nfs.path
                    $0.readOnly = volume.nfs.readOnly
                }
            } else if volume.hasCsi {
                bucket(volume.csi, into: &result, at: field.csi)
            }
            return result
        }

        private mutating func bucket(
            _ source: Google_Cloud_Run_V1_CSIVolumeSource, into volume: inout V2.Volume, at field: FieldPath
        ) {
            guard source.driver == "gcsfuse.run.googleapis.com" else {
                violations.addUnsupported(field.driver, "the only driver is gcsfuse.run.googleapis.com")
                return
            }
            volume.gcs.bucket = source.volumeAttributes["bucketName"] ?? ""
            volume.gcs.readOnly = source.readOnly
            if let options = source.volumeAttributes["mountOptions"] { volume.gcs.mountOptions = [options] }
        }

        private mutating func secret(_ secret: Google_Cloud_Run_V1_SecretVolumeSource, at field: FieldPath)
            -> Google_Cloud_Run_V2_SecretVolumeSource
        {
            if secret.optional { violations.addUnsupported(field.optional, "a secret must be there") }
            return .with {
                $0.secret = aliases[secret.secretName] ?? secret.secretName
                $0.defaultMode = secret.defaultMode
                $0.items = secret.items.map { item in
                    .with {
                        $0.version = item.key
                        $0.path = item.path
                        $0.mode = item.mode
                    }
                }
            }
        }

        private mutating func emptyDirectory(
            _ directory: Google_Cloud_Run_V1_EmptyDirVolumeSource, at field: FieldPath
        ) -> Google_Cloud_Run_V2_EmptyDirVolumeSource {
            if !["", "Memory", "MEMORY"].contains(directory.medium) {
                violations.addUnsupported(field.medium, "an empty directory is in memory")
            }
            return .with {
                $0.medium = .memory
                $0.sizeLimit = directory.sizeLimit
            }
        }
    }
}
