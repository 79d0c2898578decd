import FoundationEssentials
import Schema
import Store
import Workload

extension Dispatcher {
    /// Applies an input to a job and does what follows from it.
    func apply(_ input: JobMachine.Input, to ledger: Ledger, at time: Date) {
        let effects = JobMachine.apply(input, to: &ledger.job, at: time)
        journal.jobs.insert(ledger.uid)
        for effect in effects {
            switch effect {
            case .stopAttempts: stopAttempts(of: ledger)
            case .abandonWaiting: abandonWaiting(of: ledger, at: time)
            case .openBarrier, .breakBarriers: tellBarriers(of: ledger)
            case .ended: finish(ledger, at: time)
            case .remove:
                journal.removedJobs.insert(ledger.uid)
                finish(ledger, at: time)
            }
        }
        if ledger.job.isEnding { ready.remove(ledger.job) }
        commitSoon()
    }

    /// Applies an input to a task that an agent has, and to its job.
    func apply(_ input: TaskMachine.Input, toAttempt index: Int, of ledger: Ledger, at time: Date) {
        guard let attempt = ledger.attempts[index] else { return }
        var task = attempt.task
        let retry = ledger.job.isEnding ? nil : ledger.plan.retry
        guard let transition = TaskMachine.apply(input, to: &task, retry: retry, at: time) else { return }
        journal.tasks[ledger.uid, default: [:]][index] = task
        if task.state == .assigned || task.state == .running {
            if attempt.task.state == .assigned, task.state == .running { node(of: attempt.holder)?.start(of: ledger) }
            ledger.attempts[index]?.task = task
        } else {
            ledger.attempts[index] = nil
            release(attempt, of: ledger)
        }
        if task.state == .pending { ledger.addWaiting(task) }
        apply(.task(index: index, transition), to: ledger, at: time)
        reconsider(ledger)
        if ledger.attempts.isEmpty { explainLater(ledger) }
    }

    /// Adds an event that changes nothing to a task that an agent has.
    func addCustomEvent(_ text: String, toAttempt index: Int, of ledger: Ledger, at time: Date) {
        guard var task = ledger.attempts[index]?.task, TaskMachine.addCustomEvent(text, to: &task, at: time)
        else { return }
        ledger.attempts[index]?.task = task
        journal.tasks[ledger.uid, default: [:]][index] = task
        commitSoon()
    }

    /// The node whose agent is of this incarnation.
    func node(of incarnation: String) -> Node? {
        nodes.values.first { $0.incarnation == incarnation }
    }

    /// Sends a message to a node's agent once what happened so far is on disk.
    func post(_ kind: Landfall_Agent_V1_ToAgent.OneOf_Kind, to node: Node) {
        guard let connection = node.connection else { return }
        journal.messages.append(
            Journal.Message(node: node.record.name, connection: connection.number, kind: kind))
        commitSoon()
    }

    func stopAttempts(of ledger: Ledger) {
        for node in nodes.values where node.held[ledger.uid] != nil { post(.stop(stop(ledger.uid)), to: node) }
    }

    func stop(_ jobUID: String) -> Landfall_Agent_V1_Stop {
        .with {
            $0.jobUid = jobUID
            $0.graceSeconds = settings.stopGrace
        }
    }

    private func abandonWaiting(of ledger: Ledger, at time: Date) {
        for var task in ledger.takeWaiting() {
            guard let transition = TaskMachine.apply(.jobEnded, to: &task, retry: nil, at: time) else { continue }
            journal.tasks[ledger.uid, default: [:]][task.index] = task
            apply(.task(index: task.index, transition), to: ledger, at: time)
        }
    }

    /// The job is over: agents forget its plan, and it leaves memory after the commit.
    func finish(_ ledger: Ledger, at time: Date) {
        ledger.isOver = true
        if ledger.job.state.isFinal, let entry = obituary(ledger.job) {
            journal.entries.append(entry)
            journal.entryBytes += entry.protoPayload.value.count + LogWriter.entryCost
        }
        finishOperations(of: ledger, at: time)
        journal.over.append(ledger.uid)
        for node in nodes.values where node.plans.remove(ledger.uid) != nil {
            post(.forget(.with { $0.jobUid = ledger.uid }), to: node)
        }
    }
}
