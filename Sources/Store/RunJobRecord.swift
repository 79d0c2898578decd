import FoundationEssentials

/// A job of Cloud Run: what its executions are made of. Executions are jobs of the engine, which name it as their owner.
public struct RunJobRecord: Codable, Hashable, Sendable {
    /// A UUID in lower case: unique over all time.
    public var uid: String
    /// The project's id, never its number.
    public var project: String
    /// The region: `us-central1`.
    public var location: String
    /// The last part of its name; unique in the project and region among the jobs that are not deleted.
    public var id: String
    /// Counts the versions of what is to be run, from 1.
    public var generation: Int64
    /// Counts every change by a user, from 1.
    public var revision: Int64
    /// When it was created.
    public var createdAt: Date
    /// When a user changed it last.
    public var updatedAt: Date
    /// When it was deleted; nil for a job that exists.
    public var deletedAt: Date?
    /// Name of whoever created it.
    public var creator: String
    /// Name of whoever changed it last.
    public var lastModifier: String
    /// What a user asked for, with defaults filled in: the API's to encode and decode.
    public var definition: Data
    /// The last part of the name of the operation that wrote it last.
    public var operation: String
    /// How many executions it has ever had.
    public var executionCount: Int
    /// The execution that was created last.
    public var latestExecution: ExecutionReference?

    /// A job that has just been created.
    public init(
        uid: String, project: String, location: String, id: String, createdAt: Date, creator: String,
        definition: Data, operation: String
    ) {
        self.uid = uid
        self.project = project
        self.location = location
        self.id = id
        self.generation = 1
        self.revision = 1
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.deletedAt = nil
        self.creator = creator
        self.lastModifier = creator
        self.definition = definition
        self.operation = operation
        self.executionCount = 0
        self.latestExecution = nil
    }

    /// One execution of a job, by name, also when it is gone.
    public struct ExecutionReference: Codable, Hashable, Sendable {
        /// The last part of its name.
        public var id: String
        /// Its uid.
        public var uid: String
        /// When it was created.
        public var createdAt: Date
        /// When a user deleted it; nil for one that a user has not deleted.
        public var deletedAt: Date?

        /// A reference of these parts.
        public init(id: String, uid: String, createdAt: Date) {
            self.id = id
            self.uid = uid
            self.createdAt = createdAt
        }
    }
}

/// What somebody asked of the Cloud Run API and may come back for. Whether it is done is seen from what it is about.
public struct RunOperationRecord: Codable, Hashable, Sendable {
    /// What has to come about before an operation is done.
    public enum Goal: String, Codable, Sendable {
        /// Nothing: it was done at once.
        case none
        /// The execution has started.
        case executionStarted
        /// The execution is over.
        case executionEnded
        /// The execution is over, in whichever way.
        case executionStopped
        /// The execution is gone.
        case executionGone
    }

    /// `projects/demo/locations/us-central1/operations/…`
    public var name: String
    /// The project in its name, by id.
    public var project: String
    /// The region in its name.
    public var location: String
    /// When it was asked for.
    public var createdAt: Date
    /// What it waits for.
    public var goal: Goal
    /// The uid of the execution that it waits for.
    public var execution: String?
    /// The job or execution as it was then, as an encoded `google.protobuf.Any`: the API's to encode and decode.
    public var snapshot: Data

    /// An operation that has just begun.
    public init(
        name: String, project: String, location: String, createdAt: Date, goal: Goal = .none, execution: String? = nil,
        snapshot: Data
    ) {
        self.name = name
        self.project = project
        self.location = location
        self.createdAt = createdAt
        self.goal = goal
        self.execution = execution
        self.snapshot = snapshot
    }
}
