/// What a sandbox for one attempt at a task is to be.
public struct SandboxSpec: Sendable {
    /// Unique among the attempts of this agent; safe as a file name. At most 100 characters of `[a-z0-9.-]`.
    public var id: String
    /// Attempts at tasks of one job, by one account, may follow each other in the same namespaces if they are left as
    /// they were found, as tasks of a Batch job follow each other on one virtual machine. nil: a job of its own.
    public var job: String?
    /// Whom its processes run as. Containers of root run as their image says, as somebody of a user namespace of their
    /// own; containers of an account with that account's ids.
    public var user: User
    /// What will be started in it.
    public var programs: Programs
    /// Files that scripts and containers of the sandbox share. At most 40.
    public var volumes: [SandboxVolume]
    /// What `hostname` says; at most 63 characters.
    public var hostname: String
    /// Processor time, in thousandths of a core: a share, not a limit.
    public var cpuMilli: Int
    /// A limit, in MiB, over all processes and the files that they keep in memory.
    public var memoryMiB: Int

    /// Describes a sandbox; `open` checks it.
    public init(
        id: String, job: String? = nil, user: User, programs: Programs = .scripts, volumes: [SandboxVolume] = [],
        hostname: String, cpuMilli: Int, memoryMiB: Int
    ) {
        self.id = id
        self.job = job
        self.user = user
        self.programs = programs
        self.volumes = volumes
        self.hostname = hostname
        self.cpuMilli = cpuMilli
        self.memoryMiB = memoryMiB
    }

    /// What can be started in a sandbox. Each kind sees other files, which take some time to set up.
    public struct Programs: OptionSet, Hashable, Sendable {
        /// Scripts and files of the host.
        public static let scripts = Programs(rawValue: 1)
        /// Containers.
        public static let containers = Programs(rawValue: 2)

        /// One bit for each kind.
        public let rawValue: UInt8

        /// The kinds of these bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
    }

    /// Whom the processes of a sandbox run as.
    public enum User: Hashable, Sendable {
        /// Root of a user namespace of its own, over a disposable overlay of the system's files.
        case root
        /// An account that the sandbox's own passwd and group files show; the same ids inside and outside.
        case account(name: String, uid: UInt32, gid: UInt32, home: String, shell: String)
    }
}

/// A process to start in a sandbox.
public struct ProcessSpec: Sendable {
    /// What to execute.
    public enum Program: Sendable {
        /// A script's text, put into a file of the sandbox; run by its `#!` line's interpreter, else by `/bin/sh`.
        case script(text: String)
        /// The absolute path of an executable file, as the sandbox sees it.
        case file(path: String)
        /// A container, by crun or runc. The environment is all that it gets, but for `HOME`.
        case container(ContainerSpec)
    }

    /// What to execute.
    public var program: Program
    /// The whole environment.
    public var environment: [String: String]

    /// Describes a process; `start` checks it.
    public init(program: Program, environment: [String: String]) {
        self.program = program
        self.environment = environment
    }
}

/// How a process ended.
public enum ProcessEnd: Hashable, Sendable {
    /// By itself, with 0 to 255.
    case exited(Int32)
    /// By a signal.
    case signalled(Int32)

    /// 0 to 255, or 128 + n for signal n.
    public var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }
}

/// What the whole process tree of a sandbox used.
public struct SandboxUsage: Hashable, Sendable {
    /// Time on all processors, in user and kernel mode.
    public var cpuMicroseconds: UInt64
    /// The most memory at one time.
    public var peakMemoryBytes: UInt64
    /// How many processes the kernel killed for want of memory.
    public var outOfMemoryKills: Int

    /// What was used; nothing by default.
    public init(cpuMicroseconds: UInt64 = 0, peakMemoryBytes: UInt64 = 0, outOfMemoryKills: Int = 0) {
        self.cpuMicroseconds = cpuMicroseconds
        self.peakMemoryBytes = peakMemoryBytes
        self.outOfMemoryKills = outOfMemoryKills
    }
}
