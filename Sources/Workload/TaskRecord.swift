import FoundationEssentials

/// Where a task stands.
public enum TaskState: String, Codable, CodingKeyRepresentable, Sendable, CaseIterable {
    /// Waits for room.
    case pending
    /// An agent has it, but has not started it.
    case assigned
    case running
    case succeeded
    case failed
    /// The job ended before the task was ever started.
    case unexecuted

    /// Nothing changes it any more.
    public var isFinal: Bool { self == .succeeded || self == .failed || self == .unexecuted }
}

/// One task that an agent has touched. Untouched tasks have no record: they are the job's range
/// `nextIndex..<taskCount`.
public struct TaskRecord: Codable, Hashable, Sendable {
    /// 0 to `taskCount` - 1.
    public var index: Int
    /// Where the task stands.
    public var state: TaskState
    /// Which attempt is under way, or was the last; from 0.
    public var attempt: Int
    /// What happened, oldest first. The events of earlier attempts stay.
    public var events: [TaskEvent]
    /// How many of the plan's barriers the task has come to, in any of its attempts.
    public var barriersReached = 0

    /// A task that waits for its first attempt, unless told otherwise.
    public init(index: Int, state: TaskState = .pending, attempt: Int = 0, events: [TaskEvent] = []) {
        self.index = index
        self.state = state
        self.attempt = attempt
        self.events = events
    }
}

/// A change of a task's state, or something that was told of a task while it stayed in its state.
public struct TaskEvent: Codable, Hashable, Sendable {
    /// When it happened.
    public var time: Date
    /// The state before.
    public var from: TaskState
    /// The state after.
    public var to: TaskState
    /// The node that the attempt is on; nil while it is on none.
    public var node: String?
    /// Set when an attempt ended: 0 to 255, or one of `ReservedExitCode`.
    public var exitCode: Int32?
    /// More to tell, for people: out of memory, which step, what could not be set up.
    public var detail: String?

    /// Nothing changed: `detail` is all that there is.
    public var isCustom: Bool { from == to }

    /// A change of state at a time.
    public init(
        time: Date, from: TaskState, to: TaskState, node: String? = nil, exitCode: Int32? = nil, detail: String? = nil
    ) {
        self.time = time
        self.from = from
        self.to = to
        self.node = node
        self.exitCode = exitCode
        self.detail = detail
    }
}
