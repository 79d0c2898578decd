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
                isReadOnly: volume.mountOptions.contains(where: Self.isReadOnly))
        }
    }

    /// The plan's volumes for those of a task: one that lies in another after it.
    func volumes(_ volumes: [Wire.Volume]) -> [Volume] {
        let all = volumes.enumerated().compactMap { volume($1, at: $0) }
        let (inner, outer) = (all.filter { $0.lies(inOneOf: all) }, all.filter { !$0.lies(inOneOf: all) })
        return outer + inner.sorted { ($0.path ?? "").utf8.count < ($1.path ?? "").utf8.count }
    }

    /// Options are written as for `mount`, `ro,nolock`, or as for gcsfuse, `-o ro`.
    private static func isReadOnly(_ options: String) -> Bool {
        options.split { " ,=".contains($0) }.contains("ro")
    }
}

extension Volume {
    fileprivate func lies(inOneOf volumes: [Volume]) -> Bool {
        volumes.contains { other in
            guard let path, let place = other.path, path != place else { return false }
            return HostDirectories.lies(path, in: place)
        }
    }
}
