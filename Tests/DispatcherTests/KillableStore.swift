import Foundation
import Store
import Synchronization
import Workload

/// A store that can be taken away from a dispatcher, as the end of its process would.
final class KillableStore: DispatchStore {
    struct Killed: Error {}

    private struct State {
        var isKilled = false
        var underWay = 0
        var drained: CheckedContinuation<Void, Never>?
    }

    private let base: SQLiteStore
    private let state = Mutex(State())

    init(_ base: SQLiteStore) { self.base = base }

    /// Lets nothing more through, and returns when what was under way is decided.
    func kill() async {
        await withCheckedContinuation { continuation in
            let isDrained = state.withLock { state in
                state.isKilled = true
                if state.underWay > 0 { state.drained = continuation }
                return state.underWay == 0
            }
            if isDrained { continuation.resume() }
        }
    }

    private func alive<Value>(_ body: (SQLiteStore) async throws -> Value) async throws -> Value {
        try state.withLock { state in
            guard !state.isKilled else { throw Killed() }
            state.underWay += 1
        }
        defer {
            let drained = state.withLock { state in
                state.underWay -= 1
                guard state.underWay == 0 else { return CheckedContinuation<Void, Never>?.none }
                defer { state.drained = nil }
                return state.drained
            }
            drained?.resume()
        }
        return try await body(base)
    }

    func insertJob(_ job: JobRecord, requestID: String?) async throws -> JobRecord {
        try await alive { try await $0.insertJob(job, requestID: requestID) }
    }
    func job(named name: JobName) async throws -> JobRecord? { try await alive { try await $0.job(named: name) } }
    func job(uid: String) async throws -> JobRecord? { try await alive { try await $0.job(uid: uid) } }
    func jobs(
        _ selection: JobSelection, order: JobOrder, after cursor: JobCursor?, limit: Int
    ) async throws -> [JobRecord] {
        try await alive { try await $0.jobs(selection, order: order, after: cursor, limit: limit) }
    }
    func unfinishedJobs() async throws -> [JobRecord] { try await alive { try await $0.unfinishedJobs() } }
    func task(_ index: Int, of jobUID: String) async throws -> TaskRecord? {
        try await alive { try await $0.task(index, of: jobUID) }
    }
    func tasks(of jobUID: String, from first: Int, limit: Int) async throws -> [TaskRecord] {
        try await alive { try await $0.tasks(of: jobUID, from: first, limit: limit) }
    }
    func apply(_ change: JobChange) async throws { try await alive { try await $0.apply(change) } }
    func appliedSequence(incarnation: String) async throws -> UInt64 {
        try await alive { try await $0.appliedSequence(incarnation: incarnation) }
    }
    func operation(_ name: String) async throws -> OperationRecord? {
        try await alive { try await $0.operation(name) }
    }
    func operations(
        api: JobAPI, project: String, location: String, after name: String?, limit: Int
    ) async throws -> [OperationRecord] {
        try await alive {
            try await $0.operations(api: api, project: project, location: location, after: name, limit: limit)
        }
    }
    func deleteOperation(_ name: String) async throws { try await alive { try await $0.deleteOperation(name) } }
    func openTasks(of jobUID: String) async throws -> [TaskRecord] {
        try await alive { try await $0.openTasks(of: jobUID) }
    }
    func nodes() async throws -> [NodeRecord] { try await alive { try await $0.nodes() } }
    func openOperations() async throws -> [OperationRecord] { try await alive { try await $0.openOperations() } }
    func operation(
        requestID: String, verb: OperationRecord.Verb, target: JobName, now: Date
    ) async throws -> OperationRecord? {
        try await alive { try await $0.operation(requestID: requestID, verb: verb, target: target, now: now) }
    }
    func jobs(endedBefore time: Date, limit: Int) async throws -> [JobName] {
        try await alive { try await $0.jobs(endedBefore: time, limit: limit) }
    }
    func deleteOperations(endedBefore time: Date) async throws {
        try await alive { try await $0.deleteOperations(endedBefore: time) }
    }
}
