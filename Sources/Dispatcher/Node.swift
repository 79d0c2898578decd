import FoundationEssentials
import Schema
import Store
import Workload

/// A machine that tasks run on, and its agent.
final class Node {
    /// An agent that is on the line.
    struct Connection {
        /// Counts the connections of all agents.
        let number: Int
        let outlet: AsyncStream<Landfall_Agent_V1_ToAgent>.Continuation
        /// Where tasks find the server.
        let port: Landfall_Agent_V1_Port?
    }

    /// An attempt that the agent said nothing of when it came back.
    struct Doubt: Hashable {
        let jobUID: String
        let index: Int
        let attempt: Int
    }

    var record: NodeRecord
    var connection: Connection?
    /// Since when the agent has been away; nil while it is connected.
    var awaySince: Date?
    /// Items up to this one are in memory.
    var applied: UInt64
    /// Items up to this one are on disk.
    var durable: UInt64
    /// How many attempts the agent has, by job.
    private(set) var held: [String: Int] = [:]
    /// What they take, in all, and by their job's submitter and priority.
    private(set) var load = Load()
    private(set) var loads: [String: [Int: Load]] = [:]
    /// Jobs whose plan the agent has.
    var plans: Set<String> = []
    var doubts: Set<Doubt> = []
    var doubtsEnd: Date?
    var rate = CompletionRate()

    init(_ record: NodeRecord, applied: UInt64) {
        self.record = record
        self.applied = applied
        self.durable = applied
    }

    var incarnation: String { record.incarnation }

    /// What one task takes of the node: all processors when it asks for more than there are, and never nothing.
    func share(of resources: Resources) -> Resources {
        let least = 10_000
        return Resources(
            cpuMilli: max(min(resources.cpuMilli, record.cpuMilli), record.cpuMilli / least, 1),
            memoryMiB: max(resources.memoryMiB, record.memoryMiB / least, 1))
    }

    /// Counts an attempt that the agent has been given.
    func add(_ attempt: Ledger.Attempt, of ledger: Ledger) {
        held[ledger.uid, default: 0] += 1
        change(Load(of: attempt), by: 1, of: ledger)
    }

    /// Counts an attempt out that was counted in.
    func remove(_ attempt: Ledger.Attempt, of ledger: Ledger) {
        guard let count = held[ledger.uid] else { return }
        held[ledger.uid] = count > 1 ? count - 1 : nil
        change(Load(of: attempt), by: -1, of: ledger)
    }

    /// Counts a waiting attempt as a running one.
    func start(of ledger: Ledger) {
        guard held[ledger.uid] != nil else { return }
        change(Load(waiting: 1), by: -1, of: ledger)
    }

    private func change(_ part: Load, by sign: Int, of ledger: Ledger) {
        load.add(part, sign)
        loads[ledger.submitter, default: [:]][ledger.plan.priority, default: Load()].add(part, sign)
        guard loads[ledger.submitter]?[ledger.plan.priority] == Load() else { return }
        loads[ledger.submitter]?[ledger.plan.priority] = nil
        if loads[ledger.submitter]?.isEmpty == true { loads[ledger.submitter] = nil }
    }

    func send(_ kind: Landfall_Agent_V1_ToAgent.OneOf_Kind) {
        connection?.outlet.yield(.with { $0.kind = kind })
    }
}

/// What attempts take of a node.
struct Load: Hashable {
    var cpuMilli = 0
    var memoryMiB = 0
    /// How many of them the agent has been given and has not started.
    var waiting = 0

    init(waiting: Int = 0) {
        self.waiting = waiting
    }

    init(of attempt: Ledger.Attempt) {
        cpuMilli = attempt.taken.cpuMilli
        memoryMiB = attempt.taken.memoryMiB
        waiting = attempt.task.state == .assigned ? 1 : 0
    }

    mutating func add(_ other: Load, _ sign: Int = 1) {
        cpuMilli += sign * other.cpuMilli
        memoryMiB += sign * other.memoryMiB
        waiting += sign * other.waiting
    }
}

/// How many attempts a second have ended lately.
struct CompletionRate {
    private(set) var perSecond = 0.0
    private var count = 0
    private var since: Date?

    /// Counts attempts that ended.
    mutating func add(_ number: Int, at now: Date) {
        count += number
        update(at: now, shortest: 0.1)
    }

    /// Lets the rate fall when nothing ends.
    mutating func update(at now: Date, shortest: TimeInterval = 0.5) {
        guard let since else {
            since = now
            return
        }
        let elapsed = now.timeIntervalSince(since)
        guard elapsed >= shortest else { return }
        perSecond = 0.5 * perSecond + 0.5 * Double(count) / elapsed
        count = 0
        self.since = now
    }
}
