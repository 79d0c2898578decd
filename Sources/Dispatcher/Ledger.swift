import Collections
import FoundationEssentials
import Store
import Workload

/// What the dispatcher knows of an unfinished job: its record, and its tasks that are under way or wait for another
/// attempt. Untouched and finished tasks are nothing but counts.
final class Ledger {
    /// An attempt that an agent has.
    struct Attempt {
        var task: TaskRecord
        /// The incarnation of the agent.
        let holder: String
        /// What it takes of the agent's node.
        let taken: Resources
        /// Lines that were cut and go on, by step and stream.
        var splits: [LogStream: LogSplit] = [:]
    }

    /// Without its source, which the store keeps.
    var job: JobRecord
    /// Assigned and running tasks, by index.
    var attempts: [Int: Attempt] = [:]
    /// Cancellations and deletions of the job, done or not.
    var operations: [OperationRecord] = []
    /// It has left the queue for good; it stays in memory until that is durable.
    var isOver = false
    /// Why it waits, as last told in an event.
    var waitReason: WaitReason?
    /// It is in line to be told why it waits.
    var isUnexplained = false
    /// How many notes about waiting it has got.
    var waitNotes = 0
    /// No leases before this time: an agent has just given attempts back.
    var notBefore: Date?

    private var waiting: [Int: TaskRecord] = [:]
    private var waitingIndices = Heap<Int>()

    init(_ job: JobRecord) {
        self.job = job
        self.job.source = Data()
    }

    var uid: String { job.uid }
    var plan: Plan { job.plan }
    var submitter: String { job.submitter }

    /// How many tasks may be leased now, room permitting.
    var leasable: Int {
        guard !job.isEnding else { return 0 }
        let most = plan.order == .byIndex ? 1 : plan.parallelism
        return max(0, min(most - attempts.count, waiting.count + job.untouchedCount))
    }

    /// There are tasks to lease, now or when others have ended.
    var hasWork: Bool { !job.isEnding && waiting.count + job.untouchedCount > 0 }

    func addWaiting(_ task: TaskRecord) {
        waiting[task.index] = task
        waitingIndices.insert(task.index)
    }

    /// The waiting task of the lowest index.
    func popWaiting() -> TaskRecord? {
        guard let index = waitingIndices.popMin() else { return nil }
        return waiting.removeValue(forKey: index)
    }

    /// All waiting tasks, by index; none waits afterwards.
    func takeWaiting() -> [TaskRecord] {
        defer {
            waiting = [:]
            waitingIndices = Heap()
        }
        return waiting.values.sorted { $0.index < $1.index }
    }
}

/// Why a job waits.
enum WaitReason: Hashable {
    case noNode
    case tooLarge
    case noRoom
}
