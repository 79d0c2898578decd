import Dispatcher
import Foundation
import Store
import Synchronization
import Workload

/// An engine that keeps executions in a real store, and does to their tasks what a test tells it.
final class FakeEngine: Engine {
    let store: SQLiteStore
    let clock: Clock
    private let failure = Mutex<EngineError?>(nil)

    init(store: SQLiteStore, clock: Clock) {
        self.store = store
        self.clock = clock
    }

    /// Makes the next submission fail.
    func fail(with error: EngineError) { failure.withLock { $0 = error } }

    func submit(_ job: JobRecord, requestID: String?) async throws -> JobRecord {
        let failure = failure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if let failure { throw failure }
        return try await store.insertJob(job, requestID: requestID)
    }

    func cancel(_ name: JobName, requestID: String?) async throws -> OperationRecord {
        guard let job = try await store.job(named: name) else { throw EngineError.unknownJob }
        guard !job.state.isFinal else { throw EngineError.alreadyEnded(job.state) }
        return try await end(name, .cancel)
    }

    func delete(_ name: JobName, requestID: String?) async throws -> OperationRecord { try await end(name, .delete) }

    private func end(_ name: JobName, _ verb: OperationRecord.Verb) async throws -> OperationRecord {
        guard let job = try await store.job(named: name) else { throw EngineError.unknownJob }
        try await apply(verb == .cancel ? .cancel : .delete, to: job)
        return OperationRecord(
            name: "unused", project: name.project, location: name.location, verb: verb, target: name,
            targetUID: job.uid, createdAt: clock.now, requestID: nil)
    }

    private func apply(_ input: JobMachine.Input, to job: JobRecord) async throws {
        var job = job
        var change = JobChange()
        if JobMachine.apply(input, to: &job, at: clock.tick()).contains(.remove) {
            change.removedJobs = [job.uid]
        } else {
            change.jobs = [job]
        }
        try await store.apply(change)
    }

    /// Gives the next task to an agent.
    func lease(_ name: JobName) async throws {
        guard let job = try await store.job(named: name) else { throw EngineError.unknownJob }
        let time = clock.tick()
        var task = TaskRecord(index: job.nextIndex)
        _ = TaskMachine.apply(.leased(node: "node"), to: &task, retry: nil, at: time)
        var change = JobChange()
        var changed = job
        _ = JobMachine.apply(.leased(count: 1), to: &changed, at: time)
        change.jobs = [changed]
        change.tasks = [job.uid: [task]]
        try await store.apply(change)
    }

    /// Lets something happen to a task that an agent has.
    func happen(_ inputs: TaskMachine.Input..., to index: Int, of name: JobName) async throws {
        for input in inputs {
            guard var job = try await store.job(named: name), var task = try await store.task(index, of: job.uid) else {
                throw EngineError.unknownJob
            }
            let time = clock.tick()
            let retry = job.isEnding ? nil : job.plan.retry
            guard let transition = TaskMachine.apply(input, to: &task, retry: retry, at: time) else { continue }
            var change = JobChange()
            if JobMachine.apply(.task(index: index, transition), to: &job, at: time).contains(.remove) {
                change.removedJobs = [job.uid]
            } else {
                change.jobs = [job]
                change.tasks = [job.uid: [task]]
            }
            try await store.apply(change)
        }
    }

    /// Runs the next task from beginning to end.
    func run(_ name: JobName, exitCode: Int32 = 0, detail: String? = nil) async throws {
        guard let job = try await store.job(named: name) else { throw EngineError.unknownJob }
        let index = job.nextIndex
        try await lease(name)
        try await happen(.started, .ended(exitCode: exitCode, detail: detail), to: index, of: name)
    }
}

/// A clock that moves on by a second whenever something happens.
final class Clock: Sendable {
    static let start = Date(timeIntervalSince1970: 1_767_225_600)
    private let seconds = Mutex(0.0)

    var now: Date { Self.start + seconds.withLock { $0 } }

    func tick() -> Date {
        seconds.withLock { $0 += 1 }
        return now
    }
}
