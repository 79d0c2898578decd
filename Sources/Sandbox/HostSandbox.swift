import CSandbox
import Glibc
import LauncherProtocol
import Synchronization
import SystemPackage

/// A sandbox of this machine's kernel.
public final class HostSandbox: TaskSandbox {
    private let spec: SandboxSpec
    private let host: HostSandboxes
    private let cgroup: CgroupSet
    private let network: NetworkPool.Network
    private let range: UInt32?
    private let earlierKills: Int
    private let command: FileDescriptor
    private let conversation: Launcher.Conversation
    private let state = Mutex(State())
    private let usage = Once<SandboxUsage>()

    private struct State {
        var nextRun: UInt32 = 1
        var isClosing = false
    }

    init(_ spec: SandboxSpec, on host: HostSandboxes) async throws {
        let resources = try await Resources(spec, on: host)
        self.spec = spec
        self.host = host
        cgroup = resources.cgroup
        network = resources.network
        range = resources.range?.index
        earlierKills = cgroup.outOfMemoryKills
        do {
            (command, conversation) = try Self.send(spec, resources, on: host)
        } catch {
            resources.giveBack(to: host)
            throw error
        }
        if let failure = await conversation.opened.value() {
            _ = await close()
            throw failure
        }
    }

    /// Starts a process; its standard input is empty.
    public func start(_ process: ProcessSpec) async throws -> any SandboxProcess {
        let number = state.withLock { state in
            defer { state.nextRun += 1 }
            return state.nextRun
        }
        let run = conversation.add(number)
        let output = try Pipe()
        let errors: Pipe
        do { errors = try Pipe() } catch {
            output.close()
            throw error
        }
        defer {
            try? output.writing.close()
            try? errors.writing.close()
        }
        do {
            try send(process, number: number, output: output.writing, errors: errors.writing)
            if let failure = await run.started.value() { throw failure }
        } catch {
            conversation.forget(number)
            try? output.reading.close()
            try? errors.reading.close()
            throw error
        }
        return HostProcess(sandbox: self, number: number, run: run, output: output.reading, errors: errors.reading)
    }

    /// Kills every process, daemons included, and removes the sandbox with the files in it. Returns when all is gone;
    /// a second call waits for the first.
    public func close() async -> SandboxUsage {
        let isFirst = state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing
        }
        guard isFirst else { return await usage.value() }
        try? command.close()
        let wasKilled = await waitUntilEnded()
        let used = (try? await blocking { [self] in clear(isReusable: !wasKilled) }) ?? SandboxUsage()
        host.forget(spec.id)
        usage.fulfil(used)
        return used
    }

    /// A TCP listener inside the sandbox's network; whoever connects to it is a process of this sandbox. Opened by the
    /// agent for the task's metadata and for the way to Landfall itself. The caller closes it before `close`.
    ///
    /// - Parameter address: An address of the sandbox's, in host byte order: 169.254.169.254 is on its loopback.
    public func listen(address: UInt32, port: UInt16) async throws -> FileDescriptor {
        let namespace = network.namespace.rawValue
        return try await blocking {
            let raw = sandbox_network_listen(namespace, address, port)
            return FileDescriptor(rawValue: try checked(raw, "listen on port \(port) in the sandbox"))
        }
    }

    /// What the sandbox's files take of the disk, with those that have no name any more; nil when nobody can say.
    func diskUse() -> DiskUse? {
        // Threads of one process need not share their descriptors. The group of a closed sandbox is another's soon.
        let threads = state.withLock { $0.isClosing } ? [] : cgroup.threads
        var use = sandbox_use()
        guard sandbox_measure(host.scratch.rawValue, spec.id, threads, threads.count, &use) == 0 else { return nil }
        return DiskUse(bytes: use.bytes, files: use.files, isComplete: !use.is_partial)
    }

    /// Signals a process.
    func signal(_ number: Int32, run: UInt32) {
        state.withLock { state in
            guard !state.isClosing else { return }
            let order = Orders.signal(UInt32(bitPattern: number), to: run)
            try? Launcher.send(order, descriptors: [], over: command)
        }
    }

    /// Waits for the first process to end, which does so when its socket closes, and takes all others with it. In a
    /// sandbox full of processes it may not soon get the processor; then the whole group is killed at once.
    ///
    /// - Returns: Whether the group was killed. Linux kills what is cloned into such a group later, so that it cannot
    ///   serve again.
    private func waitUntilEnded() async -> Bool {
        let watch = Task { [cgroup] in
            guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { return false }
            cgroup.kill()
            return true
        }
        await conversation.closed.value()
        watch.cancel()
        return await watch.value
    }

    private func clear(isReusable: Bool) -> SandboxUsage {
        cgroup.waitUntilEmpty()
        let used = cgroup.usage(since: earlierKills)
        _ = sandbox_remove_tree(host.scratch.rawValue, spec.id)
        host.cgroups.giveBack(cgroup, CgroupSet.Limits(spec), isReusable: isReusable)
        host.networks.giveBack(network)
        if let range { host.ranges.giveBack(range) }
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
                try host.launcher.send(order, descriptors: descriptors + resources.cgroup.processFiles)
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

    private func send(
        _ process: ProcessSpec, number: UInt32, output: FileDescriptor, errors: FileDescriptor
    ) throws {
        let environment = try process.environmentBlock()
        let (path, script) = try process.program.parts()
        let content = environment + script
        let raw = sandbox_memory_file(content, content.count)
        let file = FileDescriptor(rawValue: try checked(raw, "make a file in memory"))
        defer { try? file.close() }
        let order = try Orders.run(
            number, path: path, environmentLength: environment.count, scriptLength: script.count)
        try state.withLock { state in
            guard !state.isClosing else { throw SandboxError("the sandbox is closed") }
            try Launcher.send(order, descriptors: [output, errors, file], over: command)
        }
    }
}
