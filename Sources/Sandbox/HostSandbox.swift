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
            try send(process, number: number, output: output.writing, errors: errors.writing)
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

    /// A TCP listener inside the sandbox's network; whoever connects to it is a process of this sandbox. Opened by the
    /// agent for the task's metadata and for the way to Landfall itself. The caller closes it before `close`.
    ///
    /// - Parameter address: An address of the sandbox's, in host byte order: 169.254.169.254 is on its loopback.
    public func listen(address: UInt32, port: UInt16) async throws -> FileDescriptor {
        let namespace = cell.network.namespace.rawValue
        return try await blocking {
            let raw = sandbox_network_listen(namespace, address, port)
            return FileDescriptor(rawValue: try checked(raw, "listen on port \(port) in the sandbox"))
        }
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
            try cell.send(order, descriptors: [output, errors, file])
        }
    }
}
