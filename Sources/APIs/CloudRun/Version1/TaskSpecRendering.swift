import Schema
import SwiftProtobuf

extension Version1 {
    /// What a task is to be, as clients of v1 read it.
    static func taskSpec(_ task: V2.TaskTemplate) -> V1.TaskSpec {
        .with {
            $0.containers = task.containers.map(container)
            $0.volumes = task.volumes.map(volume)
            $0.maxRetries = task.maxRetries
            // Seconds are whole in v1: what is left of one counts as one.
            $0.timeoutSeconds = task.timeout.seconds + (task.timeout.nanos > 0 ? 1 : 0)
            $0.serviceAccountName = task.serviceAccount
        }
    }

    private static func container(_ container: V2.Container) -> V1.Container {
        .with {
            $0.name = container.name
            $0.image = container.image
            $0.command = container.command
            $0.args = container.args
            $0.workingDir = container.workingDir
            $0.resources.limits = container.resources.limits
            $0.env = container.env.map { variable in
                .with {
                    $0.name = variable.name
                    if case .valueSource(let source)? = variable.values {
                        $0.valueFrom.secretKeyRef.name = source.secretKeyRef.secret
                        $0.valueFrom.secretKeyRef.key = source.secretKeyRef.version
                    } else {
                        $0.value = variable.value
                    }
                }
            }
            $0.volumeMounts = container.volumeMounts.map { mount in
                .with {
                    $0.name = mount.name
                    $0.mountPath = mount.mountPath
                }
            }
        }
    }

    private static func volume(_ volume: V2.Volume) -> V1.Volume {
        .with {
            $0.name = volume.name
            switch volume.volumeType {
            case .secret(let secret)?:
                $0.secret.secretName = secret.secret
                $0.secret.defaultMode = secret.defaultMode
                $0.secret.items = secret.items.map { item in
                    .with {
                        $0.key = item.version
                        $0.path = item.path
                        if item.mode != 0 { $0.mode = item.mode }
                    }
                }
            case .emptyDir(let directory)?:
                $0.emptyDir.medium = "Memory"
                $0.emptyDir.sizeLimit = directory.sizeLimit
            case .nfs(let share)?:
                $0.nfs.server = share.server
                $0.nfs.path = share.path
                $0.nfs.readOnly = share.readOnly
            case .gcs(let bucket)?:
                $0.csi.driver = "gcsfuse.run.googleapis.com"
                $0.csi.readOnly = bucket.readOnly
                $0.csi.volumeAttributes = ["bucketName": bucket.bucket]
            case .cloudSqlInstance?, nil: break
            }
        }
    }
}
