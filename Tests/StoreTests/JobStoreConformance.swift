import FoundationEssentials
import Store
import Testing
import Workload

/// What every `DispatchStore` has to do, whatever it keeps its data in.
func jobStoreConformance(_ make: () async throws -> any DispatchStore) async throws {
    try await keepsJobs(in: make())
    try await refusesDuplicates(in: make())
    try await repeatsRequests(in: make())
    try await listsJobs(in: make())
    try await appliesChanges(in: make())
    try await keepsOperations(in: make())
}

func sampleJob(_ id: String, location: String = "us-central1", at seconds: Double = 0, tasks: Int = 3) -> JobRecord {
    JobRecord(
        uid: "\(id)-\(location)-uid", name: JobName(project: "demo", location: location, id: id),
        plan: Plan(
            taskCount: tasks, parallelism: tasks, steps: [Step(executable: .script(text: "true"))]),
        createdAt: Date(timeIntervalSince1970: 1_700_000_000.123456 + seconds), source: Data([1, 2, 3]),
        submitter: "alice@example.com")
}

private func keepsJobs(in store: any DispatchStore) async throws {
    var job = sampleJob("one")
    #expect(try await store.insertJob(job, requestID: nil) == job)
    #expect(try await store.job(named: job.name) == job)
    _ = JobMachine.apply(.leased(count: 2), to: &job, at: job.createdAt)
    _ = JobMachine.apply(.note("waits"), to: &job, at: job.createdAt)
    job.loggedBytes = 7
    var change = JobChange()
    change.jobs = [job]
    try await store.apply(change)
    #expect(try await store.job(uid: job.uid) == job)
    #expect(try await store.unfinishedJobs() == [job])
    _ = JobMachine.apply(.cancel, to: &job, at: job.createdAt)
    job.state = .cancelled
    job.endedAt = job.createdAt
    change.jobs = [job]
    try await store.apply(change)
    #expect(try await store.unfinishedJobs().isEmpty)
    #expect(try await store.jobs(endedBefore: job.createdAt.addingTimeInterval(1), limit: 9) == [job.name])
    #expect(try await store.jobs(endedBefore: job.createdAt, limit: 9).isEmpty)
}

private func refusesDuplicates(in store: any DispatchStore) async throws {
    let job = sampleJob("one")
    _ = try await store.insertJob(job, requestID: nil)
    var other = job
    other.uid = "other"
    await #expect(throws: StoreError.alreadyExists) { try await store.insertJob(other, requestID: nil) }
    #expect(try await store.job(uid: "other") == nil)
}

private func repeatsRequests(in store: any DispatchStore) async throws {
    let first = sampleJob("one")
    _ = try await store.insertJob(first, requestID: "r")
    #expect(try await store.insertJob(sampleJob("two", at: 3599), requestID: "r") == first)
    #expect(try await store.job(named: sampleJob("two").name) == nil)
    let late = sampleJob("three", at: 3601)
    #expect(try await store.insertJob(late, requestID: "r") == late)
}

private func listsJobs(in store: any DispatchStore) async throws {
    let jobs = [
        sampleJob("b", at: 1), sampleJob("a", at: 2), sampleJob("c", at: 2), sampleJob("a", location: "eu", at: 3),
    ]
    for job in jobs { _ = try await store.insertJob(job, requestID: nil) }
    let expected: [(JobOrder, [Int])] = [
        (.newestFirst, [3, 2, 1, 0]), (.oldestFirst, [0, 1, 2, 3]), (.name, [3, 1, 0, 2]),
        (.nameDescending, [2, 0, 1, 3]),
    ]
    for (order, indices) in expected {
        var cursor: JobCursor?
        var uids: [String] = []
        for _ in 0..<5 {
            let page = try await store.jobs(
                JobSelection(api: .batch, project: "demo"), order: order, after: cursor, limit: 1)
            guard let job = page.first else { break }
            uids.append(job.uid)
            cursor = JobCursor(after: job)
        }
        #expect(uids == indices.map { jobs[$0].uid }, "\(order)")
    }
    let here = try await store.jobs(
        JobSelection(api: .batch, project: "demo", location: "eu"), order: .name, after: nil, limit: 9)
    #expect(here == [jobs[3]])
    #expect(
        try await store.jobs(JobSelection(api: .batch, project: "other"), order: .name, after: nil, limit: 9).isEmpty)

    // Each API has names of its own, and jobs may be listed by what they were made from.
    var execution = sampleJob("a", at: 4)
    execution.uid = "execution"
    execution.name.api = .run
    execution.owner = "template"
    _ = try await store.insertJob(execution, requestID: nil)
    #expect(try await store.job(named: execution.name) == execution)
    #expect(try await store.job(named: jobs[1].name) == jobs[1])
    for (owner, expected) in [(nil, [execution]), ("template", [execution]), ("other", [])] {
        let selection = JobSelection(api: .run, project: "demo", owner: owner)
        #expect(try await store.jobs(selection, order: .newestFirst, after: nil, limit: 9) == expected)
    }
}

private func appliesChanges(in store: any DispatchStore) async throws {
    let job = sampleJob("one")
    _ = try await store.insertJob(job, requestID: nil)
    var task = TaskRecord(index: 2)
    for input in [TaskMachine.Input.leased(node: "n1"), .started, .ended(exitCode: -1, detail: "no memory")] {
        _ = TaskMachine.apply(input, to: &task, retry: nil, at: job.createdAt)
    }
    let waiting = TaskRecord(index: 0, attempt: 1)
    var change = JobChange()
    change.tasks = [job.uid: [task, waiting]]
    change.progress = ["i1": 42]
    change.nodes = [NodeRecord(name: "n1", incarnation: "i1", isLost: false, cpuMilli: 2000, memoryMiB: 4096)]
    try await store.apply(change)
    #expect(try await store.task(2, of: job.uid) == task)
    #expect(try await store.task(1, of: job.uid) == nil)
    #expect(try await store.tasks(of: job.uid, from: 0, limit: 9) == [waiting, task])
    #expect(try await store.tasks(of: job.uid, from: 1, limit: 9) == [task])
    #expect(try await store.openTasks(of: job.uid) == [waiting])
    #expect(try await store.appliedSequence(incarnation: "i1") == 42)
    #expect(try await store.nodes() == change.nodes)

    var removal = JobChange()
    removal.removedJobs = [job.uid]
    removal.nodes = [NodeRecord(name: "n1", incarnation: "i2", isLost: false, cpuMilli: 2000, memoryMiB: 4096)]
    try await store.apply(removal)
    #expect(try await store.job(uid: job.uid) == nil)
    #expect(try await store.tasks(of: job.uid, from: 0, limit: 9).isEmpty)
    #expect(try await store.appliedSequence(incarnation: "i1") == 0)
}

private func keepsOperations(in store: any DispatchStore) async throws {
    let job = sampleJob("one")
    var operations = (0..<3).map { number in
        OperationRecord(
            name: "operation-\(number)", project: "demo", location: "us-central1", verb: .cancel, target: job.name,
            targetUID: job.uid, createdAt: job.createdAt.addingTimeInterval(Double(number)),
            requestID: number == 0 ? "r" : nil)
    }
    operations[2].endedAt = job.createdAt
    var change = JobChange()
    change.operations = operations
    try await store.apply(change)
    #expect(try await store.operation("operation-1") == operations[1])
    let first = try await store.operations(api: .batch, project: "demo", location: "us-central1", after: nil, limit: 2)
    #expect(first == [operations[2], operations[1]])
    let second = try await store.operations(
        api: .batch, project: "demo", location: "us-central1", after: "operation-1", limit: 2)
    #expect(second == [operations[0]])
    try await store.deleteOperations(endedBefore: job.createdAt)
    #expect(try await store.operation("operation-2") != nil)
    try await store.deleteOperations(endedBefore: job.createdAt.addingTimeInterval(1))
    #expect(try await store.operation("operation-2") == nil)
    #expect(try await store.openOperations() == [operations[0], operations[1]])
    let now = job.createdAt
    #expect(try await store.operation(requestID: "r", verb: .cancel, target: job.name, now: now) == operations[0])
    #expect(try await store.operation(requestID: "r", verb: .delete, target: job.name, now: now) == nil)
    let later = now.addingTimeInterval(3601)
    #expect(try await store.operation(requestID: "r", verb: .cancel, target: job.name, now: later) == nil)
    try await store.deleteOperation("operation-1")
    #expect(try await store.operation("operation-1") == nil)
}
