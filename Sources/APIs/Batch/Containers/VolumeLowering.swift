import Workload

/// Turns volumes of Batch into those of a plan.
struct VolumeLowering: Sendable {
    /// What the operator of the nodes has opened.
    let hostDirectories: HostDirectories

    /// What is in a volume; nil when nothing can be.
    func source(of volume: Wire.Volume) -> Volume.Source? {
        switch volume.source {
        case .nfs(let export):
            hostDirectories.directory(ofExport: export.remotePath, from: export.server).map { .hostDirectory(path: $0) }
        case .gcs(let bucket):
            hostDirectories.directory(ofBucket: bucket.remotePath).map { .hostDirectory(path: $0) }
        case .deviceName:
            .disk
        case nil:
            nil
        }
    }

    /// The plan's volume for the task's one at a position.
    func volume(_ volume: Wire.Volume, at position: Int) -> Volume? {
        source(of: volume).map {
            Volume(
                name: "volume-\(position)", source: $0, path: volume.mountPath,
                isReadOnly: volume.mountOptions.contains { $0.split(separator: ",").contains("ro") })
        }
    }

    /// The plan's volumes for those of a task.
    func volumes(_ volumes: [Wire.Volume]) -> [Volume] {
        volumes.enumerated().compactMap { volume($1, at: $0) }
    }
}
