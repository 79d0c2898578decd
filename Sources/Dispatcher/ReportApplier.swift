import FoundationEssentials
import Schema
import SwiftProtobuf
import Workload

extension Dispatcher {
    /// Applies what an agent reports, in order; items that were applied before are passed over.
    func applyReports(_ items: [Landfall_Agent_V1_Item], of node: Node) {
        let time = now()
        var ended = 0
        for item in items where item.sequence > node.applied {
            node.applied = item.sequence
            if apply(item, of: node, until: time) { ended += 1 }
        }
        node.rate.add(ended, at: time)
        // Also when nothing was new: the agent waits to hear that.
        journal.progress[node.incarnation] = node.applied
        commitSoon()
        lease()
    }

    /// Applies one item.
    ///
    /// - Parameter limit: events are not put later than this, whatever the agent's clock says.
    /// - Returns: an attempt has ended that was executed.
    private func apply(_ item: Landfall_Agent_V1_Item, of node: Node, until limit: Date) -> Bool {
        let index = Int(item.attempt.index)
        guard let ledger = ledgers[item.attempt.jobUid], let attempt = ledger.attempts[index],
            attempt.holder == node.incarnation, attempt.task.attempt == Int(item.attempt.attempt)
        else { return false }
        let doubt = Node.Doubt(jobUID: ledger.uid, index: index, attempt: attempt.task.attempt)
        if !node.doubts.isEmpty { node.doubts.remove(doubt) }
        let time = item.hasTime ? min(item.time.date, limit) : limit
        switch item.kind {
        case .started?:
            apply(.started, toAttempt: index, of: ledger, at: time)
        case .lines(let lines)?:
            keep(lines, of: item, attempt: index, of: ledger, node: node, at: time)
        case .step(let change)?:
            addCustomEvent(text(for: change, ledger), toAttempt: index, of: ledger, at: time)
        case .waits(let waits)?:
            arrive(at: Int(waits.step), attempt: index, of: ledger, on: node, time)
        case .ended(let end)?:
            apply(input(for: end, of: attempt.task, ledger), toAttempt: index, of: ledger, at: time)
            if end.neverStarted { holdBack(ledger, until: limit.addingTimeInterval(1)) }
            return !end.neverStarted
        case nil:
            break
        }
        return false
    }

    private func text(for change: Landfall_Agent_V1_StepChange, _ ledger: Ledger) -> String {
        let steps = ledger.plan.steps
        let number = Int(change.step)
        let title = steps.indices.contains(number) ? steps[number].title(at: number) : "Step \(number)"
        return change.hasExitCode ? "\(title) ended with exit code \(change.exitCode)." : "\(title) started."
    }

    private func input(
        for end: Landfall_Agent_V1_Ended, of task: TaskRecord, _ ledger: Ledger
    ) -> TaskMachine.Input {
        if end.neverStarted, task.state == .assigned { return .givenBack }
        var details: [String] = []
        if end.outOfMemory {
            details.append(
                "Out of memory: a process was killed at the task's limit of \(ledger.plan.resources.memoryMiB) MiB.")
        }
        if !end.detail.isEmpty { details.append(String(end.detail.unicodeScalars.prefix(1024))) }
        return .ended(exitCode: end.exitCode, detail: details.isEmpty ? nil : details.joined(separator: " "))
    }

    private func keep(
        _ lines: Landfall_Agent_V1_Lines, of item: Landfall_Agent_V1_Item, attempt index: Int, of ledger: Ledger,
        node: Node, at time: Date
    ) {
        guard case .keep(let limit, let template) = ledger.plan.logs, !ledger.isMuted,
            var attempt = ledger.attempts[index]
        else { return }
        let writer = LogWriter(
            template: template, steps: ledger.plan.steps, task: attempt.task, item: item, lines: lines,
            incarnation: node.incarnation)
        let stream = LogStream(step: lines.step, isError: lines.stream == .stderr)
        let kept = writer.entries(
            split: &attempt.splits[stream], logged: &ledger.job.loggedBytes, limit: limit, now: now())
        ledger.attempts[index] = attempt
        for entry in kept.entries {
            guard let text = StructuredLine.customEvent(of: entry) else { continue }
            addCustomEvent(text, toAttempt: index, of: ledger, at: time)
        }
        journal.entries += kept.entries
        journal.entryBytes += kept.bytes
        journal.jobs.insert(ledger.uid)
        guard ledger.isMuted else { return }
        for node in nodes.values where node.plans.contains(ledger.uid) {
            post(.mute(.with { $0.jobUid = ledger.uid }), to: node)
        }
    }
}

extension Ledger {
    /// The job has printed as much as is kept.
    var isMuted: Bool {
        guard case .keep(let limit, _) = plan.logs else { return false }
        return job.loggedBytes > limit
    }
}
