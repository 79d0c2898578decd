import CSandbox
import Glibc
import Synchronization
import SystemPackage

/// A sandbox of this machine's kernel: a cell, for one attempt.
public final class HostSandbox: TaskSandbox {
    private let spec: SandboxSpec
    private let host: HostSandboxes
    let cell: Cell
    private let state = Mutex(State())
    private let usage = Once<SandboxUsage>()

    private struct State {
        var isClosing = false
    }

    init(_ spec: SandboxSpec, on host: HostSandboxes) async throws {
        self.spec = spec
        self.host = host
        let kind = host.kind(of: spec)
        if let kind, let cell = host.idle.take(kind) {
            if !cell.isGone, (try? cell.send(Orders.rename(spec.hostname))) != nil {
                self.cell = cell
                return
            }
            _ = await cell.dispose()
        }
        cell = try await Cell(spec, kind: kind, on: host)
    }

    /// Starts a process; its standard input is empty.
    public func start(_ process: ProcessSpec) async throws -> any SandboxProcess {
        let (number, run) = cell.expectRun()
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
            let inner = try await innerNetwork(for: process)
            try send(process, number: number, descriptors: [output.writing, errors.writing], inner: inner)
            if let failure = await run.started.value() { throw failure }
        } catch {
            cell.forget(number)
            try? output.reading.close()
            try? errors.reading.close()
            throw error
        }
        return HostProcess(sandbox: self, number: number, run: run, output: output.reading, errors: errors.reading)
    }

    /// Kills every process, daemons included, and removes the files of the attempt. Returns when all is gone; a second
    /// call waits for the first.
    public func close() async -> SandboxUsage {
        let isFirst = state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing
        }
        guard isFirst else { return await usage.value() }
        let used = await leave()
        host.forget(spec.id)
        usage.fulfil(used)
        return used
    }

    /// TCP listeners at 169.254.169.254 inside the sandbox's network; whoever connects is a process of this sandbox.
    public func listen(at ports: [UInt16]) async throws -> [NetworkListener] {
        let network = cell.network
        if let known = network.listeners.known(ports) { return known }
        return try await blocking { try network.listeners.listeners(at: ports, in: network.namespace) }
    }

    /// A TCP socket for IPv4 inside the sandbox's network, whose rules hold for what goes out of it.
    public func socket() async throws -> FileDescriptor {
        let namespace = cell.network.namespace.rawValue
        return try await blocking {
            FileDescriptor(rawValue: try checked(sandbox_network_socket(namespace), "make a socket in the sandbox"))
        }
    }

    /// A file of a volume, to be appended to.
    public func file(_ path: String, ofVolume volume: String) async throws -> FileDescriptor {
        try await blocking { [cell] in try cell.volumes.file(path, of: volume) }
    }

    /// What the sandbox's files take of the disk, with those that have no name any more; nil when nobody can say.
    func diskUse() -> DiskUse? {
        // Threads of one process need not share their descriptors. The group of a closed sandbox is another's soon.
        let threads = state.withLock { $0.isClosing } ? [] : cell.cgroup.threads
        var use = sandbox_use()
        guard sandbox_measure(host.scratch.rawValue, cell.id, threads, threads.count, &use) == 0 else { return nil }
        return DiskUse(bytes: use.bytes, files: use.files, isComplete: !use.is_partial)
    }

    /// Signals a process.
    func signal(_ number: Int32, run: UInt32) {
        state.withLock { state in
            guard !state.isClosing else { return }
            try? cell.send(Orders.signal(UInt32(bitPattern: number), to: run))
        }
    }

    /// Leaves the cell to the next attempt if it is as it was, else removes it.
    private func leave() async -> SandboxUsage {
        guard cell.kind != nil, let used = await cell.clean() else { return await cell.dispose() }
        if !host.idle.add(cell) { _ = await cell.dispose() }
        return used
    }

    private func innerNetwork(for process: ProcessSpec) async throws -> FileDescriptor? {
        guard case .container(let container) = process.program, container.blocksExternalNetwork else { return nil }
        return try await blocking { [cell] in try cell.inner.namespace() }
    }

    private func send(
        _ process: ProcessSpec, number: UInt32, descriptors: [FileDescriptor], inner: FileDescriptor?
    ) throws {
        let (order, content) = try order(for: process, number: number)
        let raw = sandbox_memory_file(content, content.count)
        let file = FileDescriptor(rawValue: try checked(raw, "make a file in memory"))
        defer { try? file.close() }
        try state.withLock { state in
            guard !state.isClosing else { throw SandboxError("the sandbox is closed") }
            try cell.send(order, descriptors: descriptors + [file] + (inner.map { [$0] } ?? []))
        }
    }

    /// The order for the first process, and the file that goes with it.
    private func order(for process: ProcessSpec, number: UInt32) throws -> (order: [UInt8], content: [UInt8]) {
        let environment = try process.environmentBlock()
        let (path, script): (String, [UInt8])
        switch process.program {
        case .container(let container):
            guard spec.programs.contains(.containers), let images = host.imageDirectory, let runtime = host.runtime,
                let owner = cell.rangeOwner
            else { throw SandboxError("the sandbox was not opened for containers") }
            let order = ContainerOrder(
                container: container, environment: process.environment, sandbox: spec, owner: owner, images: images,
                runtime: runtime)
            return try order.encoded(number: number)
        case .script(let text): (path, script) = ("", Array(text.utf8))
        case .file(let file): (path, script) = (file, [])
        }
        guard spec.programs.contains(.scripts) else { throw SandboxError("the sandbox was not opened for scripts") }
        let order = try Orders.run(
            number, path: path, environmentLength: environment.count, scriptLength: script.count)
        return (order, environment + script)
    }
}
