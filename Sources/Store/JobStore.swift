import FoundationEssentials
import Workload

/// Jobs, their tasks and the operations on them, kept durably: what a method accepted is on disk when it returns.
public protocol JobStore: Sendable {
    /// Adds a job.
    ///
    /// - Parameter requestID: a repeat with the same one within an hour adds nothing.
    /// - Returns: the job; the earlier one for a repeated request.
    /// - Throws: `StoreError.alreadyExists` when its name is taken.
    func insertJob(_ job: JobRecord, requestID: String?) async throws -> JobRecord

    /// The job of a name; nil when there is none.
    func job(named name: JobName) async throws -> JobRecord?
    /// The job of a uid; nil when there is none.
    func job(uid: String) async throws -> JobRecord?

    /// Jobs in order; those after `cursor` when it is given.
    func jobs(_ selection: JobSelection, order: JobOrder, after cursor: JobCursor?, limit: Int) async throws
        -> [JobRecord]

    /// Jobs in no final state, in the order of their creation: what a dispatcher takes up after a start.
    func unfinishedJobs() async throws -> [JobRecord]

    /// A task that an agent has touched; nil for the others.
    func task(_ index: Int, of jobUID: String) async throws -> TaskRecord?

    /// Touched tasks with indices from `first`, by index.
    func tasks(of jobUID: String, from first: Int, limit: Int) async throws -> [TaskRecord]

    /// Carries out a change, all of it or nothing.
    func apply(_ change: JobChange) async throws

    /// The highest item that was applied of an agent's incarnation; 0 when none was.
    func appliedSequence(incarnation: String) async throws -> UInt64

    /// An operation by its name; nil when there is none.
    func operation(_ name: String) async throws -> OperationRecord?
    /// Operations of an API in a project and location, newest first.
    func operations(api: JobAPI, project: String, location: String, after name: String?, limit: Int) async throws
        -> [OperationRecord]
    /// Forgets an operation; the job that it is about is not touched.
    func deleteOperation(_ name: String) async throws
}

/// Things that change together.
public struct JobChange: Sendable {
    /// Jobs to write over.
    public var jobs: [JobRecord] = []
    /// Tasks to write over or add, by the uid of their job.
    public var tasks: [String: [TaskRecord]] = [:]
    /// Jobs to remove, with their tasks, by uid.
    public var removedJobs: [String] = []
    /// Operations to write over or add.
    public var operations: [OperationRecord] = []
    /// How far the items of agents have been applied: the sequence, by incarnation.
    public var progress: [String: UInt64] = [:]
    /// Nodes to write over or add.
    public var nodes: [NodeRecord] = []

    /// A change of nothing.
    public init() {}
}

/// Which jobs a list has.
public struct JobSelection: Hashable, Sendable {
    /// Those of this API,
    public var api: JobAPI
    /// in this project, by id,
    public var project: String
    /// in this location; nil: in all,
    public var location: String?
    /// and of this owner; nil: of all.
    public var owner: String?

    /// A selection of these parts.
    public init(api: JobAPI, project: String, location: String? = nil, owner: String? = nil) {
        self.api = api
        self.project = project
        self.location = location
        self.owner = owner
    }

    /// Whether a job is one of them.
    public func contains(_ job: JobRecord) -> Bool {
        job.name.api == api && job.name.project == project && [nil, job.name.location].contains(location)
            && (owner == nil || job.owner == owner)
    }
}

/// How a list of jobs is ordered.
public enum JobOrder: String, Codable, Sendable {
    case newestFirst
    case oldestFirst
    case name
    case nameDescending
}

/// Where a page of jobs ended: its last job.
public struct JobCursor: Codable, Hashable, Sendable {
    /// When that job was created.
    public var createdAt: Date
    /// The region in its name.
    public var location: String
    /// The last part of its name.
    public var id: String

    /// The place after a job.
    public init(after job: JobRecord) {
        self.createdAt = job.createdAt
        self.location = job.name.location
        self.id = job.name.id
    }
}

/// A deletion or cancellation under way, or done.
public struct OperationRecord: Codable, Hashable, Sendable {
    /// What is done to the job.
    public enum Verb: String, Codable, Sendable {
        case delete
        case cancel
    }

    /// `projects/demo/locations/us-central1/operations/operation-…`
    public var name: String
    /// The project in its name, by id.
    public var project: String
    /// The region in its name.
    public var location: String
    /// What is done to the job.
    public var verb: Verb
    /// The job's name.
    public var target: JobName
    /// The uid of the job: a later job may bear its name.
    public var targetUID: String
    /// When it was asked for.
    public var createdAt: Date
    /// When it was done; nil while it is under way.
    public var endedAt: Date?
    /// The id that the caller gave the request.
    public var requestID: String?

    /// An operation that has just begun.
    public init(
        name: String, project: String, location: String, verb: Verb, target: JobName, targetUID: String,
        createdAt: Date, requestID: String?
    ) {
        self.name = name
        self.project = project
        self.location = location
        self.verb = verb
        self.target = target
        self.targetUID = targetUID
        self.createdAt = createdAt
        self.endedAt = nil
        self.requestID = requestID
    }
}

/// What a store refuses.
public enum StoreError: Error, Hashable, Sendable {
    /// The name is taken.
    case alreadyExists
    /// Somebody else has written meanwhile: the etag is stale.
    case conflict
    /// The disk is full, or cannot be written.
    case noSpace
}
