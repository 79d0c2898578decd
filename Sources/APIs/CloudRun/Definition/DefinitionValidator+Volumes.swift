import Requests
import Schema
import Workload

/// Volumes, and the secrets that volumes and variables are made of.
extension DefinitionValidator {
    private static let mostVolumes = 50

    mutating func checkVolumes(of task: V2.TaskTemplate) {
        let field = fields.task.volumes
        guard task.volumes.count <= Self.mostVolumes else {
            violations.add(field, "must have at most \(Self.mostVolumes) volumes")
            return
        }
        var names: Set<String> = []
        for (index, volume) in task.volumes.enumerated() {
            if !JobID.isLabel(volume.name, longest: 63) {
                violations.add(field[index].name, "must be lower-case letters, digits and hyphens, a letter first")
            } else if !names.insert(volume.name).inserted {
                violations.add(field[index].name, "is another volume's too")
            }
            check(volume, at: field[index])
        }
    }

    private mutating func check(_ volume: V2.Volume, at field: FieldPath) {
        switch volume.volumeType {
        case .secret(let secret)?: check(secret, at: field)
        case .emptyDir(let directory)?:
            if case .UNRECOGNIZED = directory.medium {
                violations.addUnsupported(field.empty_dir.medium, "an empty directory is in memory")
            }
            if !directory.sizeLimit.isEmpty, (Quantity.bytes(directory.sizeLimit) ?? 0) <= 0 {
                violations.add(field.empty_dir.size_limit, "must be an amount such as 256Mi")
            }
        case .nfs(let share)?:
            checkPath(share.path, at: field.nfs.path)
            if HostDirectories.isPlain(share.path),
                hostDirectories.directory(ofExport: share.path, from: share.server) == nil
            {
                violations.addUnsupported(
                    field.nfs,
                    "nothing of '\(share.server.excerpt):\(share.path.excerpt)' is open on this machine: 'landfall up --nfs "
                        + "SERVER:/PATH=DIRECTORY' says where an export is mounted, '--share DIRECTORY' opens one to jobs "
                        + "that name 'localhost'")
            }
        case .gcs(let bucket)?:
            let field = fields.version == .v1 ? field.csi : field.gcs
            if hostDirectories.directory(ofBucket: bucket.bucket) == nil {
                violations.addUnsupported(
                    field, "no directory of this machine stands for the bucket '\(bucket.bucket.excerpt)'")
            }
            if !bucket.mountOptions.isEmpty {
                violations.addUnsupported(field, "a directory that stands for a bucket has no mount options")
            }
        case .cloudSqlInstance?:
            violations.addUnsupported(
                fields.version == .v1 ? field.csi : field.cloud_sql_instance, "there is no Cloud SQL to connect to")
        case nil:
            violations.add(field, "must be a secret, an empty directory or an NFS share")
        }
    }

    private mutating func check(_ secret: Google_Cloud_Run_V2_SecretVolumeSource, at field: FieldPath) {
        checkSecret(secret.secret, at: fields.secret(ofVolume: field))
        require(Int64(secret.defaultMode), 0...0o777, at: field.secret.default_mode)
        for (index, item) in secret.items.enumerated() {
            let field = field.secret.items[index]
            require(Int64(item.mode), 0...0o777, at: field.mode)
            let parts = item.path.split(separator: "/", omittingEmptySubsequences: false)
            if item.path.utf8.count > 1024 || item.path.utf8.contains(0)
                || parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." })
            {
                violations.add(field.path, "must be a path below the volume")
            }
        }
    }

    mutating func checkSecret(_ name: String, at field: FieldPath) {
        if SecretName(name) == nil {
            violations.add(field, "must be a secret's id, or projects/PROJECT/secrets/SECRET")
        }
    }
}
