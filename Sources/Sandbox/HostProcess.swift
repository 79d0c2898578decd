import CSandbox
import SystemPackage

/// A process in a sandbox of this machine's kernel.
final class HostProcess: SandboxProcess {
    let output: FileDescriptor
    let errors: FileDescriptor
    private let sandbox: HostSandbox
    private let number: UInt32
    private let run: Launcher.Conversation.Run

    init(
        sandbox: HostSandbox, number: UInt32, run: Launcher.Conversation.Run, output: FileDescriptor,
        errors: FileDescriptor
    ) {
        self.sandbox = sandbox
        self.number = number
        self.run = run
        self.output = output
        self.errors = errors
    }

    func end() async -> ProcessEnd { await run.ended.value() }

    func signal(_ number: Int32) async { sandbox.signal(number, run: self.number) }
}

/// A pipe for a process's output. Only the reading end is non-blocking: a slow reader slows the process down.
struct Pipe {
    let reading: FileDescriptor
    let writing: FileDescriptor

    init() throws {
        var pair: [Int32] = [-1, -1]
        try checked(sandbox_pipe(&pair), "make a pipe")
        reading = FileDescriptor(rawValue: pair[0])
        writing = FileDescriptor(rawValue: pair[1])
    }

    func close() {
        try? reading.close()
        try? writing.close()
    }
}
