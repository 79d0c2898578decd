import Foundation
import Sandbox
import Synchronization
import SystemPackage

/// Sandboxes in memory: a test is handed each process that the agent starts, and plays it.
final class FakeSandboxes: Sandboxes {
    /// The processes, in the order of their starts.
    let processes: AsyncStream<FakeProcess>
    private let continuation: AsyncStream<FakeProcess>.Continuation
    private let refusal: String?
    private let crowded: Mutex<Int>
    private let usage: SandboxUsage
    private let script: (@Sendable (FakeProcess) -> Void)?
    private let specs = Mutex<[SandboxSpec]>([])
    private let live = Mutex<[FakeSandbox]>([])
    private let files = Mutex<[String: [UInt8]]>([:])
    private let disk = Mutex<(room: DiskRoom?, uses: [String: DiskUse])>((nil, [:]))

    /// - Parameters:
    ///   - refusal: why no sandbox can be opened.
    ///   - crowded: how many tries find no room on the machine.
    ///   - script: plays the processes in place of the test.
    init(
        refusal: String? = nil, crowded: Int = 0, usage: SandboxUsage = SandboxUsage(),
        script: (@Sendable (FakeProcess) -> Void)? = nil
    ) {
        (processes, continuation) = AsyncStream.makeStream()
        self.refusal = refusal
        self.crowded = Mutex(crowded)
        self.usage = usage
        self.script = script
    }

    /// What the sandboxes were asked to be.
    var opened: [SandboxSpec] { specs.withLock { $0 } }

    func open(_ spec: SandboxSpec) async throws -> any TaskSandbox {
        if let refusal { throw SandboxError(refusal) }
        let isCrowded = crowded.withLock { left in
            left -= 1
            return left >= 0
        }
        if isCrowded { throw SandboxError("no space left on device", mayPass: true) }
        specs.withLock { $0.append(spec) }
        let sandbox = FakeSandbox(spec: spec, usage: usage) { [script, continuation] process in
            if let script { script(process) } else { continuation.yield(process) }
        }
        live.withLock { $0.append(sandbox) }
        return sandbox
    }

    /// Makes a disk of what sandboxes are said to take; whoever asks is told.
    func setDisk(_ room: DiskRoom?, _ uses: [String: DiskUse]) { disk.withLock { $0 = (room, uses) } }

    func diskRoom() -> DiskRoom? { disk.withLock { $0.room } }

    func diskUse() async -> [String: DiskUse] { disk.withLock { $0.uses } }

    /// What sandboxes are shown, by name.
    var shown: [String: [UInt8]] { files.withLock { $0 } }

    func show(_ content: [UInt8], as name: String) async throws { files.withLock { $0[name] = content } }

    func shutDown() async {
        for sandbox in live.withLock({ $0 }) { _ = await sandbox.close() }
    }
}

final class FakeSandbox: TaskSandbox {
    private let spec: SandboxSpec
    private let usage: SandboxUsage
    private let started: @Sendable (FakeProcess) -> Void
    private let processes = Mutex<[FakeProcess]>([])

    init(spec: SandboxSpec, usage: SandboxUsage, started: @escaping @Sendable (FakeProcess) -> Void) {
        self.spec = spec
        self.usage = usage
        self.started = started
    }

    func start(_ process: ProcessSpec) async throws -> any SandboxProcess {
        let process = try FakeProcess(sandbox: spec, spec: process)
        processes.withLock { $0.append(process) }
        started(process)
        return process
    }

    func listen(at ports: [UInt16]) async throws -> [NetworkListener] {
        throw SandboxError("a sandbox in memory has no network")
    }

    func file(_ path: String, ofVolume volume: String) async throws -> FileDescriptor {
        guard case .directory(let folder)? = spec.volumes.first(where: { $0.name == volume })?.source else {
            throw SandboxError("there is no such volume")
        }
        return try FileDescriptor.open(
            "\(folder)/\(path)", .writeOnly, options: [.append, .create], permissions: [.ownerReadWrite])
    }

    func socket() async throws -> FileDescriptor {
        throw SandboxError("a sandbox in memory has no network")
    }

    func close() async -> SandboxUsage {
        for process in processes.withLock({ $0 }) {
            process.finish(.signalled(9))
            process.closePipes()
        }
        return usage
    }
}

/// A process that ends, prints and takes signals as a test wants.
final class FakeProcess: SandboxProcess {
    let sandbox: SandboxSpec
    let spec: ProcessSpec
    let output: FileDescriptor
    let errors: FileDescriptor
    private let outputEnd: FileDescriptor
    private let errorsEnd: FileDescriptor
    private let ends: AsyncStream<ProcessEnd>
    private let ended: AsyncStream<ProcessEnd>.Continuation
    private let pipesOpen = Mutex(true)
    private let received = Mutex<[Int32]>([])
    private let trapsTerminate = Mutex(false)

    init(sandbox: SandboxSpec, spec: ProcessSpec) throws {
        self.sandbox = sandbox
        self.spec = spec
        (output, outputEnd) = try FileDescriptor.pipe()
        (errors, errorsEnd) = try FileDescriptor.pipe()
        for end in [output, errors, outputEnd] { _ = fcntl(end.rawValue, F_SETFL, O_NONBLOCK) }
        (ends, ended) = AsyncStream.makeStream()
    }

    /// The text of the script that it runs.
    var text: String {
        if case .script(let text) = spec.program { text } else { "" }
    }

    /// `<task's sandbox>:<script>`, to tell processes apart.
    var label: String { "\(sandbox.id):\(text)" }

    /// The signals that it got.
    var signals: [Int32] { received.withLock { $0 } }

    /// Makes SIGTERM do nothing.
    func ignoreTerminate() { trapsTerminate.withLock { $0 = true } }

    /// Writes to standard output; returns how many bytes the pipe took.
    @discardableResult
    func print(_ text: String) -> Int {
        pipesOpen.withLock { isOpen in
            guard isOpen else { return 0 }
            return (try? Array(text.utf8).withUnsafeBytes { try outputEnd.write($0) }) ?? 0
        }
    }

    func printError(_ text: String) {
        pipesOpen.withLock { if $0 { _ = try? errorsEnd.writeAll(text.utf8) } }
    }

    /// Ends the process; what it started keeps the pipes.
    func finish(_ end: ProcessEnd) {
        ended.yield(end)
        ended.finish()
    }

    func closePipes() {
        pipesOpen.withLock { isOpen in
            guard isOpen else { return }
            isOpen = false
            try? outputEnd.close()
            try? errorsEnd.close()
        }
    }

    /// Closes the pipes and ends.
    func exit(_ code: Int32 = 0) {
        closePipes()
        finish(.exited(code))
    }

    func end() async -> ProcessEnd {
        for await end in ends { return end }
        return .signalled(9)
    }

    func signal(_ number: Int32) async {
        received.withLock { $0.append(number) }
        if number == SIGKILL || (number == SIGTERM && !trapsTerminate.withLock { $0 }) {
            finish(.signalled(number))
        }
    }
}
