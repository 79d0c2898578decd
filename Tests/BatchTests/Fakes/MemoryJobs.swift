import Dispatcher
import Foundation
import Store
import Workload

/// A job store and an engine in memory: it does to jobs what a test tells it, and nothing by itself.
actor MemoryJobs: JobStore, Engine {
    private(set) var records: [JobRecord] = []
    private(set) var requests: [String] = []
    private(set) var reads = 0
    private var tasks: [String: [Int: TaskRecord]] = [:]
    private var operations: [OperationRecord] = []
    private var byRequest: [String: JobRecord] = [:]
    private var failure: (any Error)?

    /// Makes the next call to the engine fail.
    func fail(with error: any Error) { failure = error }

    func change(_ id: String, _ change: @Sendable (inout JobRecord) -> Void) {
        for index in records.indices where records[index].name.id == id { change(&records[index]) }
    }

    func put(_ record: JobRecord) { records.append(record) }
    func put(_ record: TaskRecord, of uid: String) { tasks[uid, default: [:]][record.index] = record }

    func finishOperations(at time: Date) {
        for index in operations.indices { operations[index].endedAt = time }
    }

    // MARK: Engine

    func submit(_ job: JobRecord, requestID: String?) async throws -> JobRecord {
        try throwFailure()
        return try await insertJob(job, requestID: requestID)
    }

    func cancel(_ name: JobName, requestID: String?) async throws -> OperationRecord {
        try end(name, .cancel, requestID)
    }

    func delete(_ name: JobName, requestID: String?) async throws -> OperationRecord {
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

    func insertJob(_ job: JobRecord, requestID: String?) async throws -> JobRecord {
        if let requestID {
            requests.append(requestID)
            if let earlier = byRequest[requestID] { return earlier }
        }
        guard !records.contains(where: { $0.name == job.name }) else { throw StoreError.alreadyExists }
        records.append(job)
        if let requestID { byRequest[requestID] = job }
        return job
    }

    func job(named name: JobName) async throws -> JobRecord? { records.first { $0.name == name } }
    func job(uid: String) async throws -> JobRecord? { records.first { $0.uid == uid } }

    func jobs(project: String, location: String?, order: JobOrder, after cursor: JobCursor?, limit: Int)
        async throws -> [JobRecord]
    {
        let ordered = records.filter {
            $0.name.project == project && (location ?? $0.name.location) == $0.name.location
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

    func unfinishedJobs() async throws -> [JobRecord] { records.filter { !$0.state.isFinal } }
    func task(_ index: Int, of jobUID: String) async throws -> TaskRecord? { tasks[jobUID]?[index] }

    func tasks(of jobUID: String, from first: Int, limit: Int) async throws -> [TaskRecord] {
        let touched = (tasks[jobUID] ?? [:]).values.filter { $0.index >= first }.sorted { $0.index < $1.index }
        return Array(touched.prefix(limit))
    }

    func apply(_ change: JobChange) async throws {}
    func appliedSequence(incarnation: String) async throws -> UInt64 { 0 }
    func operation(_ name: String) async throws -> OperationRecord? { operations.first { $0.name == name } }

    func operations(project: String, location: String, after name: String?, limit: Int) async throws
        -> [OperationRecord]
    {
        let newestFirst = Array(operations.reversed())
        let start = newestFirst.firstIndex { $0.name == name }.map { $0 + 1 } ?? 0
        return Array(newestFirst.dropFirst(start).prefix(limit))
    }

    func deleteOperation(_ name: String) async throws { operations.removeAll { $0.name == name } }
}
