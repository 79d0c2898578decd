import Foundation
import Store
import Testing
import Workload

@Suite("Cloud Run jobs in SQLite")
struct RunJobStoreTests {
    private let temporary: TemporaryStore
    private var store: SQLiteStore { temporary.store }
    private let start = Date(timeIntervalSinceReferenceDate: 1000)

    init() throws { temporary = try TemporaryStore() }

    private func job(_ id: String, uid: String? = nil, location: String = "us-central1", age: TimeInterval = 0)
        -> RunJobRecord
    {
        RunJobRecord(
            uid: uid ?? "uid-\(id)", project: "demo", location: location, id: id, createdAt: start - age,
            creator: "alice@example.com", definition: Data([1, 2]), operation: "o")
    }

    @Test("What was written is read as it was, by name and by uid")
    func reading() async throws {
        let report = job("report")
        try await store.insertRunJob(report)
        #expect(try await store.runJob(project: "demo", location: "us-central1", id: "report") == report)
        #expect(try await store.runJob(uid: "uid-report") == report)
        #expect(try await store.runJob(project: "demo", location: "europe-west1", id: "report") == nil)
        #expect(try await store.runJob(uid: "nothing") == nil)
    }

    @Test("A name is taken until its job is deleted, and a deleted job is forgotten in time")
    func names() async throws {
        try await store.insertRunJob(job("report"))
        await #expect(throws: StoreError.alreadyExists) { try await store.insertRunJob(job("report", uid: "other")) }
        let time = start
        _ = try await store.changeRunJob(uid: "uid-report") { $0.deletedAt = time }
        try await store.insertRunJob(job("report", uid: "other"))
        #expect(try await store.runJob(project: "demo", location: "us-central1", id: "report")?.uid == "other")
        #expect(try await store.runJob(uid: "uid-report")?.deletedAt == time)
        try await store.forgetRunJobs(deletedBefore: time, operationsBefore: time)
        #expect(try await store.runJob(uid: "uid-report") != nil)
        try await store.forgetRunJobs(deletedBefore: time + 1, operationsBefore: time)
        #expect(try await store.runJob(uid: "uid-report") == nil)
    }

    @Test("Lists are newest first, of one location or of all, and go on where they ended")
    func lists() async throws {
        try await store.insertRunJob(job("a", age: 3))
        try await store.insertRunJob(job("b", location: "europe-west1", age: 2))
        try await store.insertRunJob(job("c", age: 1))
        func list(_ location: String? = nil, after cursor: RunJobCursor? = nil, limit: Int = 10) async throws
            -> [RunJobRecord]
        {
            try await store.runJobs(project: "demo", location: location, deleted: false, after: cursor, limit: limit)
        }
        #expect(try await list().map(\.id) == ["c", "b", "a"])
        #expect(try await list("us-central1").map(\.id) == ["c", "a"])
        let first = try #require(try await list(limit: 1).first)
        #expect(try await list(after: RunJobCursor(after: first)).map(\.id) == ["b", "a"])
        #expect(try await store.runJobCount(project: "demo", location: "us-central1") == 2)
    }

    @Test("Changes that come at the same time are all made, one after the other")
    func changes() async throws {
        try await store.insertRunJob(job("report"))
        let store = store
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { _ = try await store.changeRunJob(uid: "uid-report") { $0.executionCount += 1 } }
            }
            try await group.waitForAll()
        }
        #expect(try await store.runJob(uid: "uid-report")?.executionCount == 20)
        struct No: Error {}
        await #expect(throws: No.self) {
            _ = try await store.changeRunJob(uid: "uid-report") { record in
                record.executionCount = 0
                throw No()
            }
        }
        #expect(try await store.runJob(uid: "uid-report")?.executionCount == 20)
    }

    @Test("Operations are listed newest first, and forgotten")
    func operations() async throws {
        for number in 0..<3 {
            try await store.insertRunOperation(
                RunOperationRecord(
                    name: "projects/demo/locations/us-central1/operations/\(number)", project: "demo",
                    location: "us-central1", createdAt: start + Double(number), snapshot: Data()))
        }
        func list(after name: String? = nil) async throws -> [String] {
            try await store.runOperations(project: "demo", location: "us-central1", after: name, limit: 10)
                .compactMap { $0.name.split(separator: "/").last.map(String.init) }
        }
        #expect(try await list() == ["2", "1", "0"])
        #expect(try await list(after: "projects/demo/locations/us-central1/operations/2") == ["1", "0"])
        try await store.deleteRunOperation("projects/demo/locations/us-central1/operations/1")
        #expect(try await list() == ["2", "0"])
    }

    @Test("Executions beyond the latest to end are known, and how many run, and how many tasks were tried again")
    func executions() async throws {
        for number in 0..<4 {
            let name = JobName(api: .run, project: "demo", location: "us-central1", id: "report-\(number)")
            var execution = JobRecord(
                uid: "e-\(number)", name: name, plan: Plan(taskCount: 3, steps: [Step(executable: .script(text: ""))]),
                createdAt: start, source: Data(), submitter: "alice@example.com", owner: "uid-report")
            if number < 3 {
                execution.state = .succeeded
                execution.endedAt = start + Double(number)
            }
            _ = try await store.insertJob(execution, requestID: nil)
        }
        #expect(try await store.runningExecutionCount(project: "demo", location: "us-central1") == 1)
        #expect(
            try await store.surplusExecutions(of: "uid-report", keeping: 1, limit: 10).map(\.id) == [
                "report-1", "report-0",
            ])
        #expect(try await store.surplusExecutions(of: "uid-report", keeping: 3, limit: 10) == [])
        var change = JobChange()
        change.tasks = ["e-3": [TaskRecord(index: 0, attempt: 2), TaskRecord(index: 1)]]
        try await store.apply(change)
        #expect(try await store.retriedTaskCount(of: "e-3") == 1)
    }
}
