import Access
import Directory
import Dispatcher
import FoundationEssentials
import Store
import Workload

/// What the Batch API works with.
public struct BatchContext: Sendable {
    /// Takes jobs on, and ends them.
    public var engine: any Engine
    /// Where jobs, tasks and operations are read.
    public var jobs: any JobStore
    /// Knows projects, accounts and organizations.
    public var directory: any BatchDirectory
    /// How much of what a job prints is kept, in bytes of log entries.
    public var logLimit: Int
    /// The directories of the nodes that their operator has opened to tasks.
    public var hostDirectories: HostDirectories
    /// The time.
    public var now: @Sendable () -> Date
    /// Makes the random part of ids.
    public var makeUUID: @Sendable () -> UUID
    let messages = JobMessages()

    /// - Parameter logLimit: how much of what a job prints is kept; 256 MiB unless said otherwise.
    public init(
        engine: any Engine, jobs: any JobStore, directory: any BatchDirectory, logLimit: Int = 256 << 20,
        hostDirectories: HostDirectories = HostDirectories(),
        now: @escaping @Sendable () -> Date = { Date() }, makeUUID: @escaping @Sendable () -> UUID = { UUID() }
    ) {
        self.engine = engine
        self.jobs = jobs
        self.directory = directory
        self.logLimit = logLimit
        self.hostDirectories = hostDirectories
        self.now = now
        self.makeUUID = makeUUID
    }
}

/// What the Batch API asks about projects and the accounts that submit and run jobs.
public protocol BatchDirectory: Sendable {
    /// A project, by id or by number.
    func project(_ idOrNumber: String) async throws -> ProjectRecord?

    /// The service account of an address in lower case; nil when there is none that jobs can run as.
    func serviceAccount(_ email: String) async throws -> ServiceAccountRecord?

    /// The organization that a project lies in, through any folders; nil when it lies in none.
    func organization(of project: ProjectRecord) async throws -> OrganizationRecord?

    /// Whether a person or service account belongs to an organization: the others are external to OS Login.
    func isMember(_ principal: Principal, of organization: OrganizationRecord) async throws -> Bool

    /// The OS Login account of a principal in a project, provisioned on first use.
    func posixAccount(of principal: Principal, in project: ProjectRecord) async throws -> PosixAccount
}
