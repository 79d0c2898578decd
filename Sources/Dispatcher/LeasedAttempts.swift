import FoundationEssentials
import Workload

extension Dispatcher {
    /// The job of an attempt that an agent has and whose end it has not reported.
    ///
    /// - Parameters:
    ///   - incarnation: the agent's.
    ///   - index: the task's.
    ///   - attempt: which attempt at the task.
    ///   - uid: the job's.
    /// - Returns: nil when the agent does not have the attempt, or not any more.
    public func job(ofAttempt attempt: Int, at index: Int, of uid: String, on incarnation: String) -> LeasedJob? {
        guard let ledger = ledgers[uid], let leased = ledger.attempts[index], leased.holder == incarnation,
            leased.task.attempt == attempt
        else { return nil }
        return LeasedJob(uid: uid, name: ledger.job.name, plan: ledger.plan, createdAt: ledger.job.createdAt)
    }
}

/// What is known of the job of an attempt that runs.
public struct LeasedJob: Sendable {
    /// The job's unique id.
    public var uid: String
    /// Its name.
    public var name: JobName
    /// What it runs.
    public var plan: Plan
    /// When it was accepted.
    public var createdAt: Date

    /// A job of these parts.
    public init(uid: String, name: JobName, plan: Plan, createdAt: Date) {
        self.uid = uid
        self.name = name
        self.plan = plan
        self.createdAt = createdAt
    }
}
