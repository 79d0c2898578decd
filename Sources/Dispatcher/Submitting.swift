import FoundationEssentials
import Store
import Workload

extension Dispatcher {
    /// Takes a job on.
    public func submit(_ job: JobRecord, requestID: String?) async throws -> JobRecord {
        var job = job
        await introduction()
        try checkSize(&job)
        submitting.insert(job.uid)
        defer { submitting.remove(job.uid) }
        let kept = try await store.insertJob(job, requestID: requestID)
        // Another call may have met the job in the store before this one came back, and taken it on.
        if kept.uid == job.uid, submitting.contains(job.uid) {
            adopt(kept)
            lease()
        }
        return kept
    }

    /// Waits for a moment until it is known what there is to run on: on the very first start the agent may still be on
    /// its way.
    private func introduction() async {
        while nodes.isEmpty, ContinuousClock.now < introductionEnd, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Refuses a job that no node could run; says so in the job when there is no node at present.
    private func checkSize(_ job: inout JobRecord) throws {
        let known = nodes.values.filter { !$0.record.isLost }
        if let largest = known.map(\.record.memoryMiB).max(), job.plan.resources.memoryMiB > largest {
            throw EngineError.tooLarge(memoryMiB: largest)
        }
        if let processors = known.map(\.record.cpuMilli).max(), job.plan.resources.cpuMilli > processors {
            let text = """
                A task asks for \(job.plan.resources.cpuMilli) thousandths of a processor core and the largest node \
                has \(processors): its tasks run alone on a node, with what that has.
                """
            _ = JobMachine.apply(.note(text), to: &job, at: now())
        }
        if known.allSatisfy({ $0.connection == nil }) {
            _ = JobMachine.apply(.note(WaitReason.noNode.text(of: job, nodes: [])), to: &job, at: now())
        }
    }

    /// Takes a job into memory.
    @discardableResult
    func adopt(_ job: JobRecord) -> Ledger {
        let ledger = Ledger(job)
        if case .note(let text)? = job.events.last?.kind, text == WaitReason.noNode.text(of: job, nodes: []) {
            ledger.waitReason = .noNode
            ledger.waitNotes = 1
        }
        ledgers[job.uid] = ledger
        names[job.name] = job.uid
        reconsider(ledger)
        explainLater(ledger)
        return ledger
    }

    /// The job of this name, out of memory or, when it is finished, out of the store.
    ///
    /// - Throws: `EngineError.unknownJob`.
    func ledger(named name: JobName) async throws -> Ledger {
        if let uid = names[name], let ledger = ledgers[uid] { return ledger }
        guard let job = try await store.job(named: name) else { throw EngineError.unknownJob }
        if let ledger = ledgers[job.uid] { return ledger }
        guard !job.state.isFinal else { return Ledger(job) }
        submitting.remove(job.uid)
        return adopt(job)
    }
}
