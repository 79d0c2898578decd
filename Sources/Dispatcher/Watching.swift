import FoundationEssentials
import Workload

extension Dispatcher {
    /// Looks at what no message brings about: agents that stay away, jobs that wait, limits.
    func tick() async {
        let time = now()
        for node in Array(nodes.values) {
            // Also without news: an agent takes a server that says nothing for dead.
            node.send(.ack(.with { $0.applied = node.durable }))
            node.rate.update(at: time)
            giveUp(node, at: time)
            settle(node, at: time)
        }
        lease()
        explainWaits(at: time)
        guard time.timeIntervalSince(lastSweep ?? .distantPast) >= 60 else { return }
        lastSweep = time
        enforceLimits(at: time)
        await removeExpired(at: time)
    }

    private func giveUp(_ node: Node, at time: Date) {
        guard let away = node.awaySince, !node.record.isLost,
            time.timeIntervalSince(away) >= settings.agentGrace
        else { return }
        node.record.isLost = true
        journal.nodes[node.record.name] = node.record
        commitSoon()
        lose(node, at: time)
    }

    /// Takes back what an agent never got: the lease was lost with an earlier connection.
    private func settle(_ node: Node, at time: Date) {
        guard !node.doubts.isEmpty, node.connection != nil, let end = node.doubtsEnd, time >= end else { return }
        let doubts = node.doubts
        node.doubts = []
        for doubt in doubts {
            guard let ledger = ledgers[doubt.jobUID], let attempt = ledger.attempts[doubt.index],
                attempt.holder == node.incarnation, attempt.task.attempt == doubt.attempt
            else { continue }
            // A started attempt that the agent knows nothing of is not repeated unnoticed.
            let lost = TaskMachine.Input.ended(exitCode: ReservedExitCode.agentLost.rawValue, detail: nil)
            apply(
                attempt.task.state == .assigned ? .givenBack : lost, toAttempt: doubt.index, of: ledger, at: time)
        }
    }

    private func enforceLimits(at time: Date) {
        for ledger in Array(ledgers.values) where !ledger.job.isEnding {
            if ledger.job.state == .queued, time.timeIntervalSince(ledger.job.createdAt) > settings.longestQueueing {
                apply(.expire("The job was queued for longer than jobs may be."), to: ledger, at: time)
            } else if let startedAt = ledger.job.startedAt, time.timeIntervalSince(startedAt) > settings.longestRun {
                apply(.expire("The job ran for longer than jobs may."), to: ledger, at: time)
            }
        }
    }

    /// Removes jobs whose time to be readable is over.
    private func removeExpired(at time: Date) async {
        do {
            let end = time.addingTimeInterval(-settings.retention)
            for name in try await store.jobs(endedBefore: end, limit: 100) {
                let ledger = try await ledger(named: name)
                guard ledger.job.state.isFinal else { continue }
                ledgers[ledger.uid] = ledger
                names[name] = ledger.uid
                apply(.delete, to: ledger, at: time)
            }
            try await store.deleteOperations(endedBefore: end)
        } catch is CancellationError {
            // The dispatcher stops; the next one looks again.
        } catch {
            logger.error("cannot remove what has expired", metadata: ["error": "\(error)"])
        }
    }
}
