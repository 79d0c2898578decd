import FoundationEssentials
import Workload

/// What a dispatcher needs of a store beyond what the APIs read: what was under way when it last stopped.
public protocol DispatchStore: JobStore {
    /// Touched tasks in no final state, by index.
    func openTasks(of jobUID: String) async throws -> [TaskRecord]

    /// Nodes that have ever connected.
    func nodes() async throws -> [NodeRecord]

    /// Operations under way, oldest first.
    func openOperations() async throws -> [OperationRecord]

    /// The operation that a request with this id made on a job of this name within the last hour.
    func operation(requestID: String, verb: OperationRecord.Verb, target: JobName, now: Date) async throws
        -> OperationRecord?

    /// Names of jobs that reached a final state before a time; the earliest first.
    func jobs(endedBefore time: Date, limit: Int) async throws -> [JobName]

    /// Forgets operations that were done before a time.
    func deleteOperations(endedBefore time: Date) async throws
}

/// A machine that tasks run on, as it was last heard of.
public struct NodeRecord: Codable, Hashable, Sendable {
    /// The node's name, as status events show it.
    public var name: String
    /// The latest incarnation of its agent: attempts that an earlier one had are lost.
    public var incarnation: String
    /// It stayed away for too long: its attempts were given up, and it may not come back as this incarnation.
    public var isLost: Bool
    /// What it has for tasks, in thousandths of a core.
    public var cpuMilli: Int
    /// What it has for tasks, in MiB.
    public var memoryMiB: Int

    /// A node of these parts.
    public init(name: String, incarnation: String, isLost: Bool, cpuMilli: Int, memoryMiB: Int) {
        self.name = name
        self.incarnation = incarnation
        self.isLost = isLost
        self.cpuMilli = cpuMilli
        self.memoryMiB = memoryMiB
    }
}
