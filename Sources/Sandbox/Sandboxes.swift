import Glibc
import SystemPackage

/// Makes sandboxes on this machine. `HostSandboxes` is the real one; tests of the agent bring their own.
public protocol Sandboxes: Sendable {
    /// Sets up a sandbox with no process of the task's in it.
    ///
    /// - Throws: `SandboxError`, which says what could not be set up.
    func open(_ spec: SandboxSpec) async throws -> any TaskSandbox

    /// Shows a file in every sandbox, those that are open included: `/etc/landfall/NAME`, which everyone may read. It
    /// takes the place of an earlier one, whole or not at all.
    ///
    /// - Throws: `SandboxError`
    func show(_ content: [UInt8], as name: String) async throws

    /// How much room there is on the disk that sandboxes write to, quickly; nil when it does not say.
    func diskRoom() -> DiskRoom?

    /// What each open sandbox takes of that disk, by its id. Looks at all their files: not to be asked often.
    func diskUse() async -> [String: DiskUse]

    /// Kills everything in every sandbox and removes what this process set up.
    func shutDown() async
}

/// A sandbox for one attempt at a task.
public protocol TaskSandbox: Sendable {
    /// Starts a process; its standard input is empty.
    func start(_ process: ProcessSpec) async throws -> any SandboxProcess

    /// TCP listeners at 169.254.169.254, which is on the loopback of the sandbox's network: whoever connects to one is a
    /// process of this sandbox. They outlive the sandbox, for the next one in the same network; who serves them makes sure
    /// that nobody of this one is served then.
    ///
    /// - Returns: one for each port, in their order.
    /// - Throws: `SandboxError`
    func listen(at ports: [UInt16]) async throws -> [NetworkListener]

    /// A TCP socket for IPv4 inside the sandbox's network, which does not block: what is connected by it obeys the rules
    /// of that network. The caller closes it.
    ///
    /// - Throws: `SandboxError`
    func socket() async throws -> FileDescriptor

    /// A file of one of the sandbox's volumes, to be appended to; it is made if it is missing, with the directories that
    /// lead to it, and belongs to the sandbox's user. To be asked before the sandbox is closed. The caller closes it.
    ///
    /// - Parameters:
    ///   - path: relative to the volume, without `..`.
    ///   - volume: the volume's name.
    /// - Throws: `SandboxError`, also when a link or somebody else's file is in the way.
    func file(_ path: String, ofVolume volume: String) async throws -> FileDescriptor

    /// Kills every process, daemons included, and removes the sandbox with the files in it. Returns when all is gone.
    func close() async -> SandboxUsage
}

/// A process in a sandbox.
public protocol SandboxProcess: Sendable {
    /// Reading ends of the process's standard output and error, non-blocking; the receiver closes them.
    var output: FileDescriptor { get }
    var errors: FileDescriptor { get }

    /// Waits for the process itself; what it started may outlive it.
    func end() async -> ProcessEnd

    /// Sends a signal to the process and its group; does nothing once it has ended.
    func signal(_ number: Int32) async
}

/// What could not be set up, in words for the owner of the machine, with the remedy where there is one.
public struct SandboxError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, and the remedy.
    public var description: String
    /// The machine lacks something that it may soon have again: room on a disk, memory, descriptors, ids.
    public var mayPass: Bool

    /// An error that says this.
    public init(_ description: String, mayPass: Bool = false) {
        self.description = description
        self.mayPass = mayPass
    }

    /// What the system refused, with its words for the reason.
    init(_ what: String, errno: Int32) {
        let passing = [ENOSPC, EDQUOT, ENOMEM, EAGAIN, EMFILE, ENFILE, EUSERS]
        self.init("\(what): \(describe(errno))", mayPass: passing.contains(errno))
    }
}
