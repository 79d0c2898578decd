import FoundationEssentials
import Workload

extension Dispatcher {
    /// Most jobs that are looked at, and that are told, in one go why they wait.
    private static let mostLooks = 5000
    private static let mostNotes = 200
    /// Most notes about waiting that a job gets: what changes to and fro is not repeated for ever.
    private static let mostNotesOfJob = 8

    /// Puts a job in line to be told why it waits, if it does so then.
    func explainLater(_ ledger: Ledger) {
        guard ledger.hasWork, !ledger.isUnexplained else { return }
        ledger.isUnexplained = true
        unexplained.append(ledger.uid)
    }

    /// Looks again at all jobs that wait: the nodes are not what they were.
    func explainAnew() {
        for ledger in ledgers.values where ledger.attempts.isEmpty { explainLater(ledger) }
    }

    /// Tells jobs that have waited for a second why.
    func explainWaits(at time: Date) {
        let present = nodes.values.filter { $0.connection != nil }
        var told = 0
        for _ in 0..<min(unexplained.count, Self.mostLooks) {
            guard told < Self.mostNotes, let uid = unexplained.popFirst() else { return }
            guard let ledger = ledgers[uid] else { continue }
            ledger.isUnexplained = false
            guard ledger.hasWork, ledger.attempts.isEmpty, ledger.waitNotes < Self.mostNotesOfJob else { continue }
            guard time.timeIntervalSince(ledger.job.createdAt) >= 1 else {
                explainLater(ledger)
                continue
            }
            let reason = WaitReason(of: ledger.job, present)
            guard reason != ledger.waitReason else { continue }
            ledger.waitReason = reason
            ledger.waitNotes += 1
            told += 1
            apply(.note(reason.text(of: ledger.job, nodes: present)), to: ledger, at: time)
        }
    }
}

extension WaitReason {
    init(of job: JobRecord, _ present: [Node]) {
        if present.isEmpty {
            self = .noNode
        } else if present.allSatisfy({ $0.record.memoryMiB < job.plan.resources.memoryMiB }) {
            self = .tooLarge
        } else {
            self = .noRoom
        }
    }

    /// The reason, for people.
    func text(of job: JobRecord, nodes: [Node]) -> String {
        switch self {
        case .noNode:
            return "The job waits: no node is connected."
        case .tooLarge:
            let largest = nodes.map(\.record.memoryMiB).max() ?? 0
            return """
                The job waits: a task asks for \(job.plan.resources.memoryMiB) MiB of memory and the largest \
                connected node has \(largest) MiB.
                """
        case .noRoom:
            return "The job waits: tasks of other jobs take the room there is."
        }
    }
}
