import Requests
import Workload

/// Rules for the volumes of tasks and the disks that they are on.
extension JobValidator {
    private static let systemDirectories: Set<String> = [
        "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "run", "sbin", "sys", "usr",
    ]

    /// Checks volumes and returns those that are as they should be.
    mutating func check(_ volumes: [Wire.Volume], at field: FieldPath) -> [Volume] {
        var good: [Volume] = []
        for (index, volume) in volumes.enumerated() {
            let field = field[index]
            guard checkPath(of: volume, besides: good, at: field.mount_path) else { continue }
            let count = violations.count
            check(options: volume.mountOptions, at: field.mount_options)
            checkSource(of: volume, at: field)
            let lowering = VolumeLowering(hostDirectories: hostDirectories)
            guard violations.count == count, let volume = lowering.volume(volume, at: index) else { continue }
            good.append(volume)
        }
        return good
    }

    private mutating func checkPath(of volume: Wire.Volume, besides volumes: [Volume], at field: FieldPath) -> Bool {
        let path = volume.mountPath
        guard HostDirectories.isPlain(path), path != "/" else {
            violations.add(field, "must be an absolute path such as '/mnt/disks/share', but is '\(path.excerpt)'")
            return false
        }
        let top = path.split(separator: "/").first.map(String.init) ?? ""
        guard !Self.systemDirectories.contains(top) else {
            violations.addUnsupported(field, "a volume cannot cover what the machine's software is in: /\(top)")
            return false
        }
        for other in volumes {
            guard let place = other.path else { continue }
            // A volume may lie in a new disk, where a directory can be made for it.
            let isMisplaced =
                path == place || HostDirectories.lies(path, in: place) && other.source != .disk
                || HostDirectories.lies(place, in: path) && !isDisk(volume)
            guard isMisplaced else { continue }
            violations.add(
                field, "must not lie in '\(place)' or around it, where another volume is that is no new disk")
            return false
        }
        return true
    }

    private func isDisk(_ volume: Wire.Volume) -> Bool {
        if case .deviceName = volume.source { true } else { false }
    }

    private mutating func checkSource(of volume: Wire.Volume, at field: FieldPath) {
        switch volume.source {
        case .nfs(let export): check(export, at: field.nfs)
        case .gcs(let bucket):
            if hostDirectories.directory(ofBucket: bucket.remotePath) == nil {
                violations.addUnsupported(
                    field.gcs.remote_path,
                    "no directory stands for the bucket '\(bucket.remotePath.excerpt)': 'landfall up --bucket "
                        + "NAME=DIRECTORY' says which does")
            }
        case .deviceName(let name):
            if !devices.contains(name) {
                violations.add(
                    field.device_name,
                    "must be the name of a disk in allocation_policy.instances[0].policy.disks, but is "
                        + "'\(name.excerpt)'")
            }
        case nil: violations.add(field, "must have a source: nfs, gcs or device_name")
        }
    }

    private mutating func check(_ export: Wire.NFS, at field: FieldPath) {
        guard HostDirectories.isPlain(export.remotePath) else {
            violations.add(field.remote_path, "must be an absolute path, but is '\(export.remotePath.excerpt)'")
            return
        }
        if hostDirectories.directory(ofExport: export.remotePath, from: export.server) == nil {
            violations.addUnsupported(
                field,
                "nothing of '\(export.server.excerpt):\(export.remotePath.excerpt)' is open on this machine: 'landfall up "
                    + "--nfs SERVER:/PATH=DIRECTORY' says where an export is mounted, '--share DIRECTORY' opens one to "
                    + "jobs that name 'localhost'")
        }
    }

    private mutating func check(options: [String], at field: FieldPath) {
        for (index, option) in options.enumerated() where option.utf8.count > 1024 || option.utf8.contains(0) {
            violations.add(field[index], "must be at most 1,024 bytes without a NUL character")
        }
    }

    /// Disks are directories of the node's own disk: new ones can be had, with nothing on them.
    mutating func check(disks: [Wire.AllocationPolicy.AttachedDisk], at field: FieldPath) {
        for (index, disk) in disks.enumerated() {
            let field = field[index]
            switch disk.attached {
            case .newDisk(let new):
                if new.dataSource != nil {
                    violations.addUnsupported(field.new_disk, "a disk has nothing on it at first")
                }
                if new.sizeGb < 0 {
                    violations.add(field.new_disk.size_gb, "must not be negative, but is \(new.sizeGb)")
                }
            case .existingDisk:
                violations.addUnsupported(field.existing_disk, "there are no persistent disks")
            case nil: violations.add(field, "must have new_disk")
            }
        }
    }
}
