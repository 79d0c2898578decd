import Access
import Directory
import Dispatcher
import FoundationEssentials
import Store
import Workload

/// What the Cloud Run API works with.
public struct CloudRunContext: Sendable {
    /// Runs executions, and ends them.
    public var engine: any Engine
    /// Where executions and their tasks are read.
    public var executions: any JobStore
    /// Where jobs and operations are kept.
    public var jobs: any RunJobStore
    /// Projects, accounts and policies.
    public var directory: Directory
    /// Knows the images in this server's repositories.
    public var images: any ImageCatalogue
    /// How much of what an execution prints is kept, in bytes of log entries.
    public var logLimit: Int
    /// The directories of the nodes that stand for buckets.
    public var hostDirectories: HostDirectories
    /// The time.
    public var now: @Sendable () -> Date
    /// Makes the random part of ids.
    public var makeUUID: @Sendable () -> UUID
    let tallies = TallyCache()

    /// - Parameter logLimit: how much of what an execution prints is kept; 256 MiB unless said otherwise.
    public init(
        engine: any Engine, executions: any JobStore, jobs: any RunJobStore, directory: Directory,
        images: any ImageCatalogue, logLimit: Int = 256 << 20, hostDirectories: HostDirectories = HostDirectories(),
        now: @escaping @Sendable () -> Date = { Date() },
        makeUUID: @escaping @Sendable () -> UUID = { UUID() }
    ) {
        self.engine = engine
        self.executions = executions
        self.jobs = jobs
        self.directory = directory
        self.images = images
        self.logLimit = logLimit
        self.hostDirectories = hostDirectories
        self.now = now
        self.makeUUID = makeUUID
    }
}
