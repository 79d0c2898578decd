import FoundationEssentials

/// Where a job stands.
public enum JobState: String, Codable, Sendable, CaseIterable {
    /// Waits for room.
    case queued
    /// A node has been chosen; no task runs yet.
    case scheduled
    /// At least one task has started.
    case running
    case succeeded
    case failed
    case cancelling
    case cancelled
    /// On the way to being gone altogether.
    case deleting

    /// Nothing but deletion changes it any more.
    public var isFinal: Bool { self == .succeeded || self == .failed || self == .cancelled }
}

/// A job as the engine knows it: what was asked for, and how far it has come.
public struct JobRecord: Codable, Hashable, Sendable {
    /// Unique over all time; safe as a file name. At most 63 characters of `[a-z0-9-]`.
    public var uid: String
    /// Unique among the jobs that exist.
    public var name: JobName
    /// What is to be run. It never changes.
    public var plan: Plan
    /// Where the job stands.
    public var state: JobState
    /// When the job was accepted.
    public var createdAt: Date
    /// When anything of its status changed last.
    public var updatedAt: Date
    /// When the first task started.
    public var startedAt: Date?
    /// When a final state was reached.
    public var endedAt: Date?
    /// What happened, oldest first.
    public var events: [JobEvent]
    /// How many tasks are in each state, the untouched ones counted as pending. States without tasks are absent.
    public var counts: [TaskState: Int]
    /// The first index that no agent has touched; `plan.taskCount` when all have been.
    public var nextIndex: Int
    /// Why nothing more of the job is started while what runs comes to its end; nil while tasks may start.
    public var ending: Ending?
    /// The first task that failed for good, where the others went on; nil while none has.
    public var firstFailure: JobEvent.FailedTask?
    /// How many tasks had failed when somebody ended the job early; nil when nobody has.
    public var failuresBeforeCancel: Int?
    /// How many bytes of log entries have been kept.
    public var loggedBytes: Int
    /// How many tasks have come to each of the plan's barriers; none for a job without.
    public var barriers: [Int]
    /// The job as its API received it, with defaults filled in: the API's to encode and decode.
    public var source: Data
    /// E-mail address of whoever submitted the job.
    public var submitter: String
    /// What the job was made from and is listed by: the uid of the Cloud Run job of an execution. nil for others.
    public var owner: String?

    /// A job that has just been accepted: queued, all its tasks untouched.
    public init(
        uid: String, name: JobName, plan: Plan, createdAt: Date, source: Data, submitter: String,
        owner: String? = nil
    ) {
        self.uid = uid
        self.name = name
        self.plan = plan
        self.state = .queued
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.startedAt = nil
        self.endedAt = nil
        self.events = []
        self.counts = [.pending: plan.taskCount]
        self.nextIndex = 0
        self.ending = nil
        self.firstFailure = nil
        self.failuresBeforeCancel = nil
        self.loggedBytes = 0
        self.barriers = plan.barriers.map { _ in 0 }
        self.source = source
        self.submitter = submitter
        self.owner = owner
    }

    /// Why a job fails before its tasks are done.
    public enum Ending: Codable, Hashable, Sendable {
        /// A task has failed for good.
        case taskFailed(JobEvent.FailedTask)
        /// The job waited or ran longer than jobs may; the text is for people.
        case expired(String)
    }
}

/// The API that a job belongs to: each has names of its own.
public enum JobAPI: String, Codable, Sendable {
    case batch
    /// Cloud Run: the job is an execution.
    case run
}

/// A job's name in its API, project and location; unique among the jobs that exist.
public struct JobName: Codable, Hashable, Sendable {
    /// Whose name it is.
    public var api: JobAPI
    /// The project's id, never its number.
    public var project: String
    /// The region: `us-central1`.
    public var location: String
    /// The job's own part of the name.
    public var id: String

    /// The name of these parts.
    public init(api: JobAPI = .batch, project: String, location: String, id: String) {
        self.api = api
        self.project = project
        self.location = location
        self.id = id
    }
}

/// Something that happened to a job.
public struct JobEvent: Codable, Hashable, Sendable {
    /// When it happened.
    public var time: Date
    /// What happened.
    public var kind: Kind

    /// An event at a time.
    public init(time: Date, kind: Kind) {
        self.time = time
        self.kind = kind
    }

    /// What can happen to a job.
    public enum Kind: Codable, Hashable, Sendable {
        /// The state changed; `cause` is the task whose failure decided it.
        case state(from: JobState, to: JobState, cause: FailedTask?)
        /// A note for people: why the job waits, or runs otherwise than asked.
        case note(String)
    }

    /// The task that made its job fail, and the event that it ended with.
    public struct FailedTask: Codable, Hashable, Sendable {
        /// The task's index, from 0.
        public var index: Int
        /// How it failed: the event with the exit code.
        public var event: TaskEvent

        /// A task and its last event.
        public init(index: Int, event: TaskEvent) {
            self.index = index
            self.event = event
        }
    }
}

extension JobName {
    /// Reads a name; names of the first releases say no API, since there was only Batch.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            api: try values.decodeIfPresent(JobAPI.self, forKey: .api) ?? .batch,
            project: try values.decode(String.self, forKey: .project),
            location: try values.decode(String.self, forKey: .location),
            id: try values.decode(String.self, forKey: .id))
    }
}
