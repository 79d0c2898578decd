import CSandbox
import Glibc
import Synchronization
import SystemPackage

/// Sandboxes of this machine's kernel: namespaces, cgroups, a network and a file system for each.
///
/// It needs root, and says what else is missing when it is made. Everything that it sets up is named after its `Seat`
/// and gone after `shutDown`; what an agent leaves that dies is removed by the next one on the machine.
public final class HostSandboxes: Sandboxes {
    /// Where and with what sandboxes are made.
    public struct Configuration: Sendable {
        /// For the files of the sandboxes: on a disk, owned by root, and not readable by others (it is made so).
        public var directory: String
        /// The program `landfall-launcher`; nil for the one beside the running program.
        public var launcher: String?
        /// Paths of the host that tasks see as well, read-only; absolute, at most 48.
        public var shownPaths: [String]
        /// Holds the layers of images: a directory of root's that exists; nil: no containers.
        public var imageDirectory: String?
        /// What runs containers; nil: nothing does.
        public var runtime: ContainerRuntime?

        /// Describes where and with what; `HostSandboxes.init` checks it.
        public init(
            directory: String, launcher: String? = nil, shownPaths: [String] = [], imageDirectory: String? = nil,
            runtime: ContainerRuntime? = .onThisHost()
        ) {
            self.directory = directory
            self.launcher = launcher
            self.shownPaths = shownPaths
            self.imageDirectory = imageDirectory
            self.runtime = runtime
        }
    }

    let seat: Seat
    let launcher: Launcher
    let cgroups: CgroupTree
    let networks: NetworkPool
    let ranges: IDRanges
    let accounts: ShownAccounts
    let idle = IdleCells()
    /// nil: there are no containers.
    let imageDirectory: String?
    /// nil: there are no containers.
    let runtime: ContainerRuntime?
    private let files: FileTree
    /// What the sandboxes write is below it.
    var scratch: FileDescriptor { files.scratch }
    private let open = Mutex<[String: HostSandbox]>([:])
    private let isShutDown = Mutex(false)

    /// Checks the machine, removes what dead agents left, and starts the launcher.
    ///
    /// - Parameter onLoss: called when the launcher has died, and every process of every sandbox with it; no sandbox
    ///   can be opened any more. It is called before any process is said to have ended: an agent that ends in it
    ///   reports no end that is not the task's own.
    /// - Throws: `SandboxError`, with the remedy, when something that is required is missing.
    public init(
        configuration: Configuration, onLoss: @escaping @Sendable (SandboxError) -> Void = { _ in }
    ) async throws {
        let ground = try await blocking { try Ground(configuration: configuration) }
        do {
            launcher = try await Launcher(
                path: ground.launcher, arguments: ground.launcherArguments, onLoss: onLoss)
        } catch {
            try? await blocking { ground.remove() }
            throw error
        }
        seat = ground.seat
        cgroups = ground.cgroups
        networks = ground.networks
        accounts = ShownAccounts(ground.accounts)
        files = ground.files
        imageDirectory = configuration.imageDirectory
        runtime = configuration.runtime
        ranges = IDRanges(seat: ground.seat)
    }

    /// Sets up a sandbox.
    ///
    /// - Throws: `SandboxError` when the specification is not one for a sandbox, or the machine refused.
    public func open(_ spec: SandboxSpec) async throws -> any TaskSandbox {
        try spec.check()
        if spec.programs.contains(.containers) {
            guard runtime != nil else { throw ContainerRuntime.missing }
            guard imageDirectory != nil else { throw SandboxError("this agent keeps no images to make containers of") }
        }
        guard !isShutDown.withLock({ $0 }) else { throw SandboxError("the sandboxes are shut down") }
        let sandbox = try await HostSandbox(spec, on: self)
        let isLate = isShutDown.withLock { isShutDown in
            if !isShutDown { open.withLock { $0[spec.id] = sandbox } }
            return isShutDown
        }
        if isLate {
            _ = await sandbox.close()
            throw SandboxError("the sandboxes are shut down")
        }
        return sandbox
    }

    /// Shows a file in every sandbox, those that are open included: all are made over the same tree.
    public func show(_ content: [UInt8], as name: String) async throws {
        try await blocking { [files] in try files.show(content, as: name) }
    }

    /// How much room there is on the disk of the sandboxes' files.
    public func diskRoom() -> DiskRoom? { DiskRoom(of: scratch) }

    /// What the open sandboxes take of it, those that are being removed included.
    public func diskUse() async -> [String: DiskUse] {
        let sandboxes = open.withLock { $0 }
        return (try? await blocking { sandboxes.compactMapValues { $0.diskUse() } }) ?? [:]
    }

    /// Kills everything in every sandbox and removes all that was set up. Calling it again does nothing.
    public func shutDown() async {
        let isFirst = isShutDown.withLock { isShutDown in
            defer { isShutDown = true }
            return !isShutDown
        }
        guard isFirst else { return }
        await withTaskGroup(of: Void.self) { group in
            for sandbox in open.withLock({ Array($0.values) }) {
                group.addTask { _ = await sandbox.close() }
            }
        }
        await idle.close()
        await launcher.stop()
        try? await blocking { [self] in
            cgroups.remove()
            networks.remove()
            files.remove()
            seat.leave()
        }
    }

    /// What its cell has to be for an attempt to follow another in it; nil when it takes a new one.
    ///
    /// Scripts of a root can leave too much, and volumes are one attempt's. Groups of cgroup v2 alone cannot count the
    /// next attempt from zero.
    func kind(of spec: SandboxSpec) -> Cell.Kind? {
        guard let job = spec.job, spec.user != .root || spec.programs == .containers, spec.volumes.isEmpty,
            cgroups.layout.isLegacy
        else { return nil }
        return Cell.Kind(job: job, user: spec.user, programs: spec.programs, limits: CgroupSet.Limits(spec))
    }

    /// Forgets a sandbox that is closed.
    func forget(_ id: String) { open.withLock { $0[id] = nil } }
}
