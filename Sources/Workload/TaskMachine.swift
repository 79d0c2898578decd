import FoundationEssentials

/// How one task goes from state to state: PENDING → ASSIGNED → RUNNING → SUCCEEDED or FAILED, and back to PENDING
/// when an attempt is repeated or was given back (Batch API, `TaskStatus.State`).
public enum TaskMachine {
    /// What can happen to a task.
    public enum Input: Hashable, Sendable {
        /// An agent has the task.
        case leased(node: String)
        /// The attempt's first step is about to run.
        case started
        /// The attempt is over; `exitCode` is 0 to 255 or one of `ReservedExitCode`.
        case ended(exitCode: Int32, detail: String?)
        /// The agent returned the attempt before anything of it ran: it does not count.
        case givenBack
        /// The job is over before the task's turn came.
        case jobEnded
    }

    /// What an input changed.
    public struct Transition: Hashable, Sendable {
        /// The state before.
        public var from: TaskState
        /// The state after.
        public var to: TaskState
        /// How the task failed; nil unless it has failed for good.
        public var failure: TaskEvent?
    }

    /// Applies an input to a task.
    ///
    /// - Parameters:
    ///   - retry: the job's policy; nil when the job is ending, so that nothing is tried again.
    ///   - time: when it happened.
    /// - Returns: what changed; nil when the input does not fit the task's state, which is then left as it was.
    public static func apply(
        _ input: Input, to task: inout TaskRecord, retry: RetryPolicy?, at time: Date
    ) -> Transition? {
        switch (task.state, input) {
        case (.pending, .leased(let node)):
            return move(&task, to: .assigned, at: time, node: node)
        case (.assigned, .started):
            return move(&task, to: .running, at: time, node: task.node)
        case (.assigned, .ended(let exitCode, let detail)), (.running, .ended(let exitCode, let detail)):
            return end(&task, exitCode: exitCode, detail: detail, retry: retry, at: time)
        case (.assigned, .givenBack):
            // The lease leaves no trace: agents may give back any number of times, and events must stay few.
            if task.events.last?.to == .assigned { task.events.removeLast() }
            task.state = .pending
            return Transition(from: .assigned, to: .pending)
        case (.pending, .jobEnded):
            // A task that waits for another attempt was executed, and what it did last was to fail.
            return move(&task, to: task.attempt > 0 ? .failed : .unexecuted, at: time)
        default:
            return nil
        }
    }

    /// How many custom events a task can have, over all its attempts.
    public static let mostCustomEvents = 100
    /// The longest text of a custom event, in Unicode scalars, for a character can have any number of them; what is
    /// longer is cut.
    public static let longestCustomEvent = 1024

    /// Adds what a running task has told of itself to its events (Batch API, custom status events).
    ///
    /// - Returns: false, with the task as it was, when it is not running or has told enough.
    public static func addCustomEvent(_ text: String, to task: inout TaskRecord, at time: Date) -> Bool {
        guard task.state == .running, task.events.count(where: \.isCustom) < mostCustomEvents else { return false }
        task.events.append(
            TaskEvent(
                time: time, from: .running, to: .running, node: task.node,
                detail: String(text.unicodeScalars.prefix(longestCustomEvent))))
        return true
    }

    /// Notes that a running task has come to this many of its plan's barriers.
    ///
    /// - Returns: whether it has for the first time: an attempt that is repeated comes to the same ones again.
    public static func reach(barriers count: Int, _ task: inout TaskRecord) -> Bool {
        guard task.state == .running, count == task.barriersReached + 1 else { return false }
        task.barriersReached = count
        return true
    }

    private static func end(
        _ task: inout TaskRecord, exitCode: Int32, detail: String?, retry: RetryPolicy?, at time: Date
    ) -> Transition {
        let node = task.node
        if exitCode == 0 {
            return move(&task, to: .succeeded, at: time, node: node, exitCode: exitCode, detail: detail)
        }
        if let retry, retry.retries(exitCode: exitCode, attempt: task.attempt) {
            let transition = move(&task, to: .pending, at: time, node: node, exitCode: exitCode, detail: detail)
            task.attempt += 1
            return transition
        }
        var transition = move(&task, to: .failed, at: time, node: node, exitCode: exitCode, detail: detail)
        transition.failure = task.events.last
        return transition
    }

    private static func move(
        _ task: inout TaskRecord, to state: TaskState, at time: Date, node: String? = nil, exitCode: Int32? = nil,
        detail: String? = nil
    ) -> Transition {
        let transition = Transition(from: task.state, to: state)
        task.events.append(
            TaskEvent(time: time, from: task.state, to: state, node: node, exitCode: exitCode, detail: detail))
        task.state = state
        return transition
    }
}

extension TaskRecord {
    /// The node that the attempt under way is on; nil while there is none.
    public var node: String? {
        state == .assigned || state == .running ? events.last?.node : nil
    }
}
