import CSandbox
import Glibc
import LauncherProtocol
import Synchronization
import SystemPackage

/// Namespaces, groups, a network and files on this machine, with a first process that starts others in them.
///
/// A cell serves one attempt, or several of one job and account, one after the other: as long as each leaves it as it
/// was found. To make and to remove one takes longer than a small task.
final class Cell: Sendable {
    /// What attempts have in common that may follow each other in a cell.
    struct Kind: Hashable {
        let job: String
        let user: SandboxSpec.User
        let programs: SandboxSpec.Programs
        let limits: CgroupSet.Limits
    }

    /// How long a sandbox full of processes may take to end by itself.
    private static let patience = Duration.milliseconds(200)

    /// Names its files below `scratch`.
    let id: String
    /// nil: serves one attempt.
    let kind: Kind?
    let cgroup: CgroupSet
    let network: NetworkPool.Network
    /// For containers that are to stay in the sandbox.
    let inner: InnerNetwork
    /// What it shows of volumes, for as long as it serves.
    let volumes: VolumeMounts
    private let host: HostSandboxes
    private let limits: CgroupSet.Limits
    private let range: (index: UInt32, owner: UInt32)?
    private let earlierKills: Int
    private let command: FileDescriptor
    private let conversation: Launcher.Conversation
    private let nextRun = Atomic<UInt32>(1)
    /// Linux kills what is cloned into a group later that was killed once, so that it cannot serve again.
    private let wasKilled = Atomic<Bool>(false)

    init(_ spec: SandboxSpec, kind: Kind?, on host: HostSandboxes) async throws {
        let resources = try await Resources(spec, on: host)
        id = spec.id
        self.kind = kind
        self.host = host
        cgroup = resources.cgroup
        network = resources.network
        inner = InnerNetwork(behind: resources.network.netlink)
        limits = resources.limits
        range = resources.range
        earlierKills = cgroup.outOfMemoryKills
        volumes = resources.volumes
        do {
            (command, conversation) = try Self.send(spec, resources, on: host)
        } catch {
            resources.giveBack(to: host)
            throw error
        }
        if let failure = await conversation.opened.value() {
            _ = await dispose()
            throw failure
        }
    }

    /// The host's id of root of its containers and root tasks; nil where there are neither.
    var rangeOwner: UInt32? { range?.owner }

    /// Whether its first process is gone.
    var isGone: Bool { conversation.closed.isKnown }

    /// Sends an order to the first process.
    func send(_ order: [UInt8], descriptors: [FileDescriptor] = []) throws {
        try Launcher.send(order, descriptors: descriptors, over: command)
    }

    /// The number of a run that is about to be ordered, and what will be heard of it.
    func expectRun() -> (number: UInt32, run: Launcher.Conversation.Run) {
        let number = nextRun.add(1, ordering: .relaxed).oldValue
        return (number, conversation.add(number))
    }

    /// Forgets a run that did not start.
    func forget(_ run: UInt32) { conversation.forget(run) }

    // MARK: The end of an attempt

    /// Kills every process of the attempt, daemons included, and looks whether the cell is as it was found.
    ///
    /// - Returns: What the attempt used, or nil when the cell cannot serve another.
    func clean() async -> SandboxUsage? {
        let cleaned = conversation.expectCleaning()
        do { try send(Orders.clean()) } catch { return nil }
        let isClean = await insist { await cleaned.value() }
        inner.remove()
        guard isClean, !wasKilled.load(ordering: .acquiring), network.isQuiet else { return nil }
        let used = cgroup.usage(since: earlierKills)
        guard used.outOfMemoryKills == 0, cgroup.reset(isInhabited: true) else { return nil }
        return await removeContainerFiles() ? used : nil
    }

    /// What containers have written to their roots on disk.
    private func removeContainerFiles() async -> Bool {
        guard kind?.programs.contains(.containers) == true else { return true }
        let result = try? await blocking { [self] in
            try Directory.names(in: host.scratch, "\(id)/containers").allSatisfy {
                sandbox_remove_tree(host.scratch.rawValue, "\(id)/containers/\($0)") == 0
            }
        }
        return result ?? false
    }

    /// Kills every process and removes the cell with its files. Returns when all is gone.
    ///
    /// - Returns: What the last attempt used.
    func dispose() async -> SandboxUsage {
        try? command.close()
        // The first process ends when its socket closes, and takes all others with it.
        await insist { await conversation.closed.value() }
        return (try? await blocking { [self] in clear() }) ?? SandboxUsage()
    }

    /// Waits for what the first process does. In a sandbox full of processes it may not soon get the processor; then
    /// the whole group is killed at once.
    private func insist<Value: Sendable>(_ wait: () async -> Value) async -> Value {
        let watch = Task { [self] in
            guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
            wasKilled.store(true, ordering: .releasing)
            cgroup.kill()
        }
        let value = await wait()
        watch.cancel()
        await watch.value
        return value
    }

    private func clear() -> SandboxUsage {
        cgroup.waitUntilEmpty()
        let used = cgroup.usage(since: earlierKills)
        _ = sandbox_remove_tree(host.scratch.rawValue, id)
        host.cgroups.giveBack(cgroup, limits, isReusable: !wasKilled.load(ordering: .acquiring))
        inner.remove()
        host.networks.giveBack(network)
        volumes.close()
        if let range { host.ranges.giveBack(range.index) }
        return used
    }

    private static func send(
        _ spec: SandboxSpec, _ resources: Resources, on host: HostSandboxes
    ) throws -> (FileDescriptor, Launcher.Conversation) {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try checkedErrno(socketpair(AF_UNIX, type, 0, &pair), "make a socket")
        let ours = FileDescriptor(rawValue: pair[0])
        let theirs = FileDescriptor(rawValue: pair[1])
        defer { try? theirs.close() }
        do {
            let (number, conversation) = try host.launcher.begin()
            do {
                let order = try Orders.open(resources.opening(spec, number: number, accounts: host.accounts))
                let descriptors = [theirs, resources.cgroup.unified, resources.network.namespace]
                try host.launcher.send(
                    order, descriptors: descriptors + resources.cgroup.processFiles + resources.volumes.mounts)
            } catch {
                host.launcher.abandon(number)
                throw error
            }
            return (ours, conversation)
        } catch {
            try? ours.close()
            throw error
        }
    }
}
