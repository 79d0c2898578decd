import Workload

/// Which volumes and containers of a plan an agent, which is root, sets up for a server, which is not.
struct VolumeCheck: Sendable {
    /// The directories of the machine that its operator has opened.
    let hostDirectories: HostDirectories

    /// The most volumes of a plan, and the most mounts of a container.
    private static let most = 1000

    /// - Throws: `PlanCheck.Refusal`
    func check(_ plan: Plan) throws(PlanCheck.Refusal) {
        guard plan.volumes.count <= Self.most, Set(plan.volumes.map(\.name)).count == plan.volumes.count else {
            throw PlanCheck.Refusal(reason: "The job's volumes are too many, or two have one name.")
        }
        for volume in plan.volumes { try check(volume) }
        let names = Set(plan.volumes.map(\.name))
        for step in plan.steps {
            guard case .container(let container) = step.executable else { continue }
            try check(container, volumes: names)
        }
    }

    private func check(_ volume: Volume) throws(PlanCheck.Refusal) {
        if let path = volume.path { try requirePlain(path) }
        switch volume.source {
        case .hostDirectory(let path):
            guard hostDirectories.contains(path) else {
                throw PlanCheck.Refusal(reason: "The directory \(path) is not open to jobs on this machine.")
            }
        case .memory(let limit):
            guard (limit ?? 1) > 0 else { throw PlanCheck.Refusal(reason: "A volume has no room.") }
        case .secrets(let files):
            guard files.count <= Self.most, files.allSatisfy({ HostDirectories.isPlain("/\($0.path)") }) else {
                throw PlanCheck.Refusal(reason: "The files of a volume of secrets have no plain paths.")
            }
        case .disk: break
        }
    }

    private func check(_ container: Container, volumes: Set<String>) throws(PlanCheck.Refusal) {
        guard container.mounts.count <= Self.most else {
            throw PlanCheck.Refusal(reason: "A container has too many mounts.")
        }
        for mount in container.mounts {
            try requirePlain(mount.path)
            if !mount.subpath.isEmpty { try requirePlain("/\(mount.subpath)") }
            guard volumes.contains(mount.volume), mount.path != "/" else {
                throw PlanCheck.Refusal(reason: "A container's mount is of no volume, or over its root.")
            }
        }
        if let directory = container.workingDirectory, !directory.hasPrefix("/") || directory.utf8.contains(0) {
            throw PlanCheck.Refusal(reason: "A container's working directory is no absolute path.")
        }
    }

    private func requirePlain(_ path: String) throws(PlanCheck.Refusal) {
        guard HostDirectories.isPlain(path) else {
            throw PlanCheck.Refusal(reason: "'\(path.prefix(200))' is not a plain absolute path.")
        }
    }
}
