import Glibc
import Workload

/// What an agent needs to know about its server and its machine.
public struct AgentConfiguration: Sendable {
    /// The Unix socket at which the server listens for agents.
    public var socketPath: String
    /// The account that must own the socket and the directory that it is in: the server's.
    public var ownerUID: UInt32
    /// The machine's name, as status events show it.
    public var node: String
    /// What the machine has for tasks.
    public var capacity: Resources
    /// The user and group ids that tasks may be given: those of people, and those of OS Login accounts. What lies
    /// between belongs to the sandboxes of root tasks.
    public var accountIDs: [Range<UInt32>] = [1000..<0x7000_0000, 0x8000_0000..<0xF000_0000]
    /// The directories of the machine that tasks may have as volumes.
    public var hostDirectories = HostDirectories()
    /// How many tasks may run at once, however little they take.
    public var maxRunning = 1000
    /// How many attempts may wait, run, or be unacknowledged; a hello that names them all stays under 4 MiB.
    public var maxKnown = 50_000
    /// How many bytes of log lines may wait for the server; beyond that, tasks that print are held up.
    public var logWindow = 16 * 1024 * 1024
    /// How long tasks have between SIGTERM and SIGKILL when the agent itself is told to end.
    public var leaveGrace: Duration = .seconds(10)
    /// How long the agent, told to end by a signal, waits for the server to hear of its tasks' ends.
    public var farewell: Duration = .seconds(5)
    /// How long a connected server may say nothing: it acknowledges every second, whether there is news or not.
    public var longestSilence: Duration = .seconds(10)
    /// How long an agent that keeps nothing for a server waits for one to welcome it: as long as a server waits for an
    /// agent.
    public var patience: Duration = .seconds(300)

    /// Describes an agent of this machine.
    ///
    /// - Parameters:
    ///   - node: by default the machine's host name.
    ///   - capacity: by default all processors, and the memory that is there without a reserve for the system.
    public init(socketPath: String, ownerUID: UInt32, node: String? = nil, capacity: Resources? = nil) {
        self.socketPath = socketPath
        self.ownerUID = ownerUID
        self.node = node ?? Machine.hostname
        self.capacity = capacity ?? Machine.capacity
    }
}
