import FoundationEssentials
import Workload

extension Dispatcher {
    /// Notes that an agent has a task, and what it takes.
    func hold(_ task: TaskRecord, of ledger: Ledger, on node: Node) {
        let attempt = Ledger.Attempt(
            task: task, holder: node.incarnation, taken: node.share(of: ledger.plan.resources))
        ledger.attempts[task.index] = attempt
        node.add(attempt, of: ledger)
        ready.take(attempt.taken, by: ledger.submitter)
    }

    /// Notes that an agent has an attempt no more.
    func release(_ attempt: Ledger.Attempt, of ledger: Ledger) {
        guard let node = node(of: attempt.holder), node.held[ledger.uid] != nil else { return }
        node.remove(attempt, of: ledger)
        ready.giveBack(attempt.taken, by: ledger.submitter)
    }

    /// Sees how much there is for submitters to share.
    func measure() {
        let present = nodes.values.filter { !$0.record.isLost }.map(\.record)
        ready.share(
            Resources(
                cpuMilli: present.map(\.cpuMilli).reduce(0, +), memoryMiB: present.map(\.memoryMiB).reduce(0, +)))
    }

    /// Sees whether a job has tasks to lease now.
    func reconsider(_ ledger: Ledger) {
        if ledger.leasable > 0, ledger.notBefore == nil {
            ready.insert(ledger.job)
        } else {
            ready.remove(ledger.job)
        }
    }

    /// Leases nothing more of a job for a moment: an agent has just given attempts back.
    func holdBack(_ ledger: Ledger, until time: Date) {
        if ledger.notBefore == nil { heldBack.append(ledger.uid) }
        ledger.notBefore = time
        reconsider(ledger)
    }

    /// Takes up the jobs again whose moment is over.
    func admitHeldBack(at time: Date) {
        while let uid = heldBack.first, ledgers[uid]?.notBefore.map({ $0 <= time }) ?? true {
            heldBack.removeFirst()
            guard let ledger = ledgers[uid] else { continue }
            ledger.notBefore = nil
            reconsider(ledger)
        }
    }
}
