import FoundationEssentials
import Store
import Workload

extension Dispatcher {
    /// Ends a job early.
    public func cancel(_ name: JobName, requestID: String?) async throws -> OperationRecord {
        if let earlier = try await earlier(.cancel, of: name, requestID: requestID) { return earlier }
        let ledger = try await ledger(named: name)
        guard !ledger.job.state.isFinal, ledger.job.state != .deleting else {
            throw EngineError.alreadyEnded(ledger.job.state)
        }
        return try await end(ledger, .cancel, requestID: requestID)
    }

    /// Ends a job and forgets it.
    public func delete(_ name: JobName, requestID: String?) async throws -> OperationRecord {
        if let earlier = try await earlier(.delete, of: name, requestID: requestID) { return earlier }
        let ledger = try await ledger(named: name)
        if ledger.job.state.isFinal {
            ledgers[ledger.uid] = ledger
            names[name] = ledger.uid
        }
        return try await end(ledger, .delete, requestID: requestID)
    }

    /// The projects, by id, that have jobs which have not ended.
    public var busyProjects: Set<String> { Set(ledgers.values.map(\.job.name.project)) }

    /// Ends all jobs of a project early, as far as they have not ended.
    public func cancelJobs(ofProject project: String) async throws {
        for ledger in ledgers.values where ledger.job.name.project == project {
            guard !ledger.job.state.isFinal, ledger.job.state != .deleting else { continue }
            _ = begin(.cancel, of: ledger, requestID: nil)
        }
        try await durable()
    }

    private func earlier(
        _ verb: OperationRecord.Verb, of name: JobName, requestID: String?
    ) async throws -> OperationRecord? {
        guard let requestID else { return nil }
        return try await store.operation(requestID: requestID, verb: verb, target: name, now: now())
    }

    private func end(
        _ ledger: Ledger, _ verb: OperationRecord.Verb, requestID: String?
    ) async throws -> OperationRecord {
        let place = begin(verb, of: ledger, requestID: requestID)
        try await durable()
        // By now it may be done.
        return ledger.operations[place]
    }

    /// Ends a job, unless that is under way.
    ///
    /// - Returns: where the operation is in the ledger.
    private func begin(_ verb: OperationRecord.Verb, of ledger: Ledger, requestID: String?) -> Int {
        if let place = ledger.operations.firstIndex(where: { $0.verb == verb }) { return place }
        let operation = operation(verb, on: ledger.job, requestID: requestID)
        ledger.operations.append(operation)
        journal.operations[operation.name] = operation
        apply(verb == .cancel ? .cancel : .delete, to: ledger, at: now())
        return ledger.operations.count - 1
    }

    private func operation(
        _ verb: OperationRecord.Verb, on job: JobRecord, requestID: String?
    ) -> OperationRecord {
        let time = now()
        let milliseconds = Int(time.timeIntervalSince1970 * 1000)
        let random = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        let name =
            "projects/\(job.name.project)/locations/\(job.name.location)/operations/"
            + "operation-\(milliseconds)-\(random)"
        return OperationRecord(
            name: name, project: job.name.project, location: job.name.location, verb: verb, target: job.name,
            targetUID: job.uid, createdAt: time, requestID: requestID)
    }

    /// Marks a job's operations as done.
    func finishOperations(of ledger: Ledger, at time: Date) {
        for place in ledger.operations.indices where ledger.operations[place].endedAt == nil {
            ledger.operations[place].endedAt = time
            journal.operations[ledger.operations[place].name] = ledger.operations[place]
        }
    }
}
