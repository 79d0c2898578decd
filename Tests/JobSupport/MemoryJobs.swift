import Dispatcher
import Foundation
import Store
import Workload

/// A job store and an engine in memory: it does to jobs what a test tells it, and nothing by itself.
public actor MemoryJobs: JobStore, Engine {
    /// All jobs, in the order of their coming.
    public private(set) var records: [JobRecord] = []
    /// The request ids that came.
    public private(set) var requests: [String] = []
    /// How many jobs were read in lists.
    public private(set) var reads = 0
    private var tasks: [String: [Int: TaskRecord]] = [:]
    private var operations: [OperationRecord] = []
    private var byRequest: [String: JobRecord] = [:]
    private var failure: (any Error)?

    /// No jobs.
    public init() {}

    /// Makes the next call to the engine fail.
    public func fail(with error: any Error) { failure = error }

    /// Changes the jobs of an id.
    public func change(_ id: String, _ change: @Sendable (inout JobRecord) -> Void) {
        for index in records.indices where records[index].name.id == id { change(&records[index]) }
    }

    /// Adds a job.
    public func put(_ record: JobRecord) { records.append(record) }
    /// Adds a task of a job, or replaces it.
    public func put(_ record: TaskRecord, of uid: String) { tasks[uid, default: [:]][record.index] = record }

    /// Ends all operations.
    public func finishOperations(at time: Date) {
        for index in operations.indices { operations[index].endedAt = time }
    }

    // MARK: Engine

    /// Keeps a job.
    public func submit(_ job: JobRecord, requestID: String?) async throws -> JobRecord {
        try throwFailure()
        return try await insertJob(job, requestID: requestID)
    }

    /// Notes an operation.
    public func cancel(_ name: JobName, requestID: String?) async throws -> OperationRecord {
        try end(name, .cancel, requestID)
    }

    /// Notes an operation.
    public func delete(_ name: JobName, requestID: String?) async throws -> OperationRecord {
        try end(name, .delete, requestID)
    }

    private func end(_ name: JobName, _ verb: OperationRecord.Verb, _ requestID: String?) throws -> OperationRecord {
        try throwFailure()
        if let requestID { requests.append(requestID) }
        guard let job = records.first(where: { $0.name == name }) else { throw EngineError.unknownJob }
        let operation = OperationRecord(
            name: "projects/\(name.project)/locations/\(name.location)/operations/operation-\(operations.count)",
            project: name.project, location: name.location, verb: verb, target: name, targetUID: job.uid,
            createdAt: job.createdAt, requestID: requestID)
        operations.append(operation)
        return operation
    }

    private func throwFailure() throws {
        defer { failure = nil }
        if let failure { throw failure }
    }

    // MARK: JobStore

    /// As in `JobStore`.
    public func insertJob(_ job: JobRecord, requestID: String?) async throws -> JobRecord {
        if let requestID {
            requests.append(requestID)
            if let earlier = byRequest[requestID] { return earlier }
        }
        guard !records.contains(where: { $0.name == job.name }) else { throw StoreError.alreadyExists }
        records.append(job)
        if let requestID { byRequest[requestID] = job }
        return job
    }

    /// As in `JobStore`.
    public func job(named name: JobName) async throws -> JobRecord? { records.first { $0.name == name } }
    /// As in `JobStore`.
    public func job(uid: String) async throws -> JobRecord? { records.first { $0.uid == uid } }

    /// As in `JobStore`.
    public func jobs(_ selection: JobSelection, order: JobOrder, after cursor: JobCursor?, limit: Int)
        async throws -> [JobRecord]
    {
        let ordered = records.filter { job in
            job.name.api == selection.api && job.name.project == selection.project
                && (selection.location ?? job.name.location) == job.name.location
                && (selection.owner == nil || selection.owner == job.owner)
        }
        .sorted { left, right in
            switch order {
            case .newestFirst: left.createdAt > right.createdAt
            case .oldestFirst: left.createdAt < right.createdAt
            case .name: left.name.id < right.name.id
            case .nameDescending: left.name.id > right.name.id
            }
        }
        let start = cursor.flatMap { cursor in
            ordered.firstIndex { $0.name.id == cursor.id && $0.name.location == cursor.location }.map { $0 + 1 }
        }
        let page = Array(ordered.dropFirst(start ?? 0).prefix(limit))
        reads += page.count
        return page
    }

    /// As in `JobStore`.
    public func unfinishedJobs() async throws -> [JobRecord] { records.filter { !$0.state.isFinal } }
    /// As in `JobStore`.
    public func task(_ index: Int, of jobUID: String) async throws -> TaskRecord? { tasks[jobUID]?[index] }

    /// As in `JobStore`.
    public func tasks(of jobUID: String, from first: Int, limit: Int) async throws -> [TaskRecord] {
        let touched = (tasks[jobUID] ?? [:]).values.filter { $0.index >= first }.sorted { $0.index < $1.index }
        return Array(touched.prefix(limit))
    }

    /// As in `JobStore`.
    public func apply(_ change: JobChange) async throws {}
    /// As in `JobStore`.
    public func appliedSequence(incarnation: String) async throws -> UInt64 { 0 }
    /// As in `JobStore`.
    public func operation(_ name: String) async throws -> OperationRecord? { operations.first { $0.name == name } }

    /// As in `JobStore`.
    public func operations(api: JobAPI, project: String, location: String, after name: String?, limit: Int) async throws
        -> [OperationRecord]
    {
        let newestFirst = Array(operations.reversed().filter { $0.target.api == api })
        let start = newestFirst.firstIndex { $0.name == name }.map { $0 + 1 } ?? 0
        return Array(newestFirst.dropFirst(start).prefix(limit))
    }

    /// As in `JobStore`.
    public func deleteOperation(_ name: String) async throws { operations.removeAll { $0.name == name } }
}
