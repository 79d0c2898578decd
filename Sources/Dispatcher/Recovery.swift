import FoundationEssentials
import Store
import Workload

extension Dispatcher {
    /// Takes up the jobs that were unfinished when the last dispatcher ended, with the attempts that agents have.
    func recover() async throws {
        let time = now()
        for record in try await store.nodes() {
            let node = Node(record, applied: try await store.appliedSequence(incarnation: record.incarnation))
            node.awaySince = time
            nodes[record.name] = node
        }
        measure()
        for job in try await store.unfinishedJobs() {
            let tasks = job.nextIndex > 0 ? try await store.openTasks(of: job.uid) : []
            takeUp(tasks, of: adopt(job), at: time)
        }
        for operation in try await store.openOperations() { takeUp(operation, at: time) }
        for ledger in Array(ledgers.values) where ledger.job.isEnding && !ledger.isOver {
            windUp(ledger, at: time)
        }
        try await durable()
    }

    private func takeUp(_ tasks: [TaskRecord], of ledger: Ledger, at time: Date) {
        var lost: [Int] = []
        for task in tasks {
            guard task.state != .pending else {
                ledger.addWaiting(task)
                continue
            }
            let node = task.node.flatMap { nodes[$0] }
            if let node, !node.record.isLost {
                hold(task, of: ledger, on: node)
            } else {
                let nothing = Resources(cpuMilli: 0, memoryMiB: 0)
                ledger.attempts[task.index] = Ledger.Attempt(
                    task: task, holder: node?.incarnation ?? "", taken: nothing)
                lost.append(task.index)
            }
        }
        for index in lost {
            let code = ReservedExitCode.agentLost.rawValue
            apply(.ended(exitCode: code, detail: nil), toAttempt: index, of: ledger, at: time)
        }
        reconsider(ledger)
    }

    private func takeUp(_ operation: OperationRecord, at time: Date) {
        if let ledger = ledgers[operation.targetUID] {
            ledger.operations.append(operation)
        } else {
            var operation = operation
            operation.endedAt = time
            journal.operations[operation.name] = operation
        }
    }

    /// Lets an ending job go on to its end: everything that it waits for comes as an input of its own.
    private func windUp(_ ledger: Ledger, at time: Date) {
        guard ledger.attempts.isEmpty, ledger.job.state == .deleting else { return }
        journal.removedJobs.insert(ledger.uid)
        finish(ledger, at: time)
    }
}
