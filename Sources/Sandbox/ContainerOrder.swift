import LauncherProtocol

/// What the first process of a sandbox gets to start a container from.
struct ContainerOrder {
    let container: ContainerSpec
    let environment: [String: String]
    let sandbox: SandboxSpec
    /// The host's id of the container's root.
    let owner: UInt32
    /// Holds the layers.
    let images: String
    let runtime: ContainerRuntime

    /// The order, and the file that goes with it.
    func encoded(number: UInt32) throws -> (order: [UInt8], content: [UInt8]) {
        let configuration = try RuntimeConfiguration(
            container, user: user, environment: environment, hostname: sandbox.hostname, uids: map(uid),
            gids: map(gid), cgroup: runtime.kind == .runc ? "/\(number)" : nil
        ).json()
        let layers = try container.layers.flatMap { layer in try Array(relative(layer).utf8) + [UInt8(0)] }
        let mounts = try container.mounts.flatMap { mount -> [UInt8] in
            guard let volume = sandbox.volumes.firstIndex(where: { $0.name == mount.volume }) else {
                throw SandboxError("the sandbox has no volume \(mount.volume)")
            }
            return Array("\(volume)".utf8) + [0] + Array(mount.subpath.utf8) + [0]
        }
        let order = try Orders.contain(
            number, isOnDisk: !container.writesToMemory, hasNetwork: container.blocksExternalNetwork,
            hostname: sandbox.hostname,
            lengths: (configuration.count, layers.count, mounts.count))
        return (order, configuration + layers + mounts)
    }

    /// An account's containers run with its own ids, whatever the image says.
    private var user: String {
        guard case .account(_, let uid, let gid, _, _) = sandbox.user else { return container.user }
        return "\(uid):\(gid)"
    }

    private var uid: UInt32? { if case .account(_, let uid, _, _, _) = sandbox.user { uid } else { nil } }
    private var gid: UInt32? { if case .account(_, _, let gid, _, _) = sandbox.user { gid } else { nil } }

    /// The map of the container's user namespace, as the launcher makes it: the range, with the account's own id in place.
    private func map(_ own: UInt32?) -> [RuntimeConfiguration.IDMapping] {
        let size = UInt32(LAUNCHER_RANGE_SIZE)
        guard let own else { return [.init(containerID: 0, hostID: owner, size: size)] }
        let account = RuntimeConfiguration.IDMapping(containerID: own, hostID: own, size: 1)
        guard own < size else { return [.init(containerID: 0, hostID: owner, size: size), account] }
        return [
            .init(containerID: 0, hostID: owner, size: own), account,
            .init(containerID: own + 1, hostID: owner + own + 1, size: size - own - 1),
        ]
    }

    private func relative(_ layer: String) throws -> String {
        guard layer.hasPrefix("\(images)/") else {
            throw SandboxError("not a layer of this machine's images: \(layer)")
        }
        let path = String(layer.dropFirst(images.utf8.count + 1))
        guard !path.isEmpty, path.utf8.count < 4000, !path.utf8.contains(0), !path.split(separator: "/").contains("..")
        else {
            throw SandboxError("not a layer of this machine's images: \(layer)")
        }
        return path
    }
}
