import FoundationEssentials
import Schema
import Workload

/// Steps at which the tasks of a job wait for each other (Batch API, `Runnable.Barrier`).
extension Dispatcher {
    /// A task has come to a barrier. An attempt that is repeated comes to those again that are open long since.
    func arrive(at step: Int, attempt index: Int, of ledger: Ledger, on node: Node, _ time: Date) {
        guard let number = ledger.plan.barriers.firstIndex(of: step), var task = ledger.attempts[index]?.task else {
            return
        }
        if TaskMachine.reach(barriers: number + 1, &task) {
            ledger.attempts[index]?.task = task
            journal.tasks[ledger.uid, default: [:]][index] = task
            apply(.reached(barriers: number + 1), to: ledger, at: time)
        }
        tellBarriers(of: ledger, to: node)
    }

    /// Tells all agents that have attempts of a job which of its barriers are open, or never will be.
    func tellBarriers(of ledger: Ledger) {
        for node in nodes.values where node.held[ledger.uid] != nil { tellBarriers(of: ledger, to: node) }
    }

    /// The same for one agent, which may have missed it.
    func tellBarriers(of ledger: Ledger, to node: Node) {
        let steps = ledger.plan.barriers
        let open = Set(ledger.job.openBarriers)
        for (number, step) in steps.enumerated() where open.contains(number) {
            post(.open(opening(ledger, step)), to: node)
        }
        guard case .taskFailed(let failed)? = ledger.job.ending else { return }
        for (number, step) in steps.enumerated() where !open.contains(number) {
            let reason = "The tasks of the job wait for each other in vain: task \(failed.index) has failed."
            post(.open(opening(ledger, step, broken: reason)), to: node)
        }
    }

    private func opening(_ ledger: Ledger, _ step: Int, broken: String = "") -> Landfall_Agent_V1_Open {
        .with {
            $0.jobUid = ledger.uid
            $0.step = UInt32(step)
            $0.broken = broken
        }
    }
}
