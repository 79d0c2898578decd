import FoundationEssentials
import Schema
import Store
import Workload

/// What has changed in memory since the last commit, and what may happen only once it is on disk.
struct Journal {
    /// A message to the agent of one connection; it is dropped when that connection is gone.
    struct Message {
        let node: String
        let connection: Int
        let kind: Landfall_Agent_V1_ToAgent.OneOf_Kind
    }

    var jobs: Set<String> = []
    var tasks: [String: [Int: TaskRecord]] = [:]
    var removedJobs: Set<String> = []
    var operations: [String: OperationRecord] = [:]
    var progress: [String: UInt64] = [:]
    var nodes: [String: NodeRecord] = [:]
    var entries: [Google_Logging_V2_LogEntry] = []
    /// What `entries` take, in bytes.
    var entryBytes = 0
    var messages: [Message] = []
    /// Jobs that leave memory.
    var over: [String] = []
    var waiters: [CheckedContinuation<Void, any Error>] = []

    var isEmpty: Bool { !hasChange && entries.isEmpty && messages.isEmpty && waiters.isEmpty && over.isEmpty }

    private var hasChange: Bool {
        !(jobs.isEmpty && tasks.isEmpty && removedJobs.isEmpty && operations.isEmpty && progress.isEmpty
            && nodes.isEmpty)
    }

    /// Something about this job waits to be written.
    func concerns(_ uid: String) -> Bool {
        jobs.contains(uid) || tasks[uid] != nil || removedJobs.contains(uid)
    }

    /// The change as the store takes it; nil when there is none.
    func change(_ records: (String) -> JobRecord?) -> JobChange? {
        guard hasChange else { return nil }
        var change = JobChange()
        change.jobs = jobs.subtracting(removedJobs).compactMap(records)
        change.tasks = tasks.filter { !removedJobs.contains($0.key) }.mapValues { Array($0.values) }
        change.removedJobs = Array(removedJobs)
        change.operations = Array(operations.values)
        change.progress = progress
        change.nodes = Array(nodes.values)
        return change
    }
}
