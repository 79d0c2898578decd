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
    var held: [String: Int] = [:]
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

    /// The part of the node that one task takes; above 1 when it asks for more processors than there are.
    func share(of resources: Resources) -> Double {
        let processors = Double(resources.cpuMilli) / Double(max(1, record.cpuMilli))
        let memory = Double(resources.memoryMiB) / Double(max(1, record.memoryMiB))
        return max(processors, memory, 1e-4)
    }

    func take(_ count: Int, of jobUID: String) {
        held[jobUID, default: 0] += count
    }

    func release(_ jobUID: String) {
        guard let count = held[jobUID] else { return }
        held[jobUID] = count > 1 ? count - 1 : nil
    }

    func send(_ kind: Landfall_Agent_V1_ToAgent.OneOf_Kind) {
        connection?.outlet.yield(.with { $0.kind = kind })
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
