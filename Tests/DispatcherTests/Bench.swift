import Dispatcher
import Foundation
import Logging
import Schema
import Store
import Synchronization
import Workload

/// A dispatcher over a real store in a directory of its own, with a clock that tests set.
final class Bench: Sendable {
    let directory: URL
    let store: SQLiteStore
    let logbook = MemoryLog()
    let clock = TestClock()
    let dispatcher: Dispatcher

    init() async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "landfall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        store = try SQLiteStore(path: directory.appending(path: "jobs.db").path)
        dispatcher = Self.dispatcher(store, logbook, clock)
        try await dispatcher.start()
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    static func dispatcher(
        _ store: any DispatchStore, _ logbook: MemoryLog, _ clock: TestClock
    ) -> Dispatcher {
        var settings = DispatcherSettings()
        settings.tick = .seconds(3600)
        settings.introduction = .zero
        settings.commitRetry = .milliseconds(5)
        return Dispatcher(
            store: store, logbook: logbook, settings: settings, now: { clock.now },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Another dispatcher on the same data, as after a restart of the server.
    func restarted() async throws -> Dispatcher {
        await dispatcher.stop()
        let dispatcher = Self.dispatcher(store, logbook, clock)
        try await dispatcher.start()
        return dispatcher
    }

    func job(
        _ id: String = "job", tasks: Int = 1, of submitter: String = "alice@example.com",
        change: (inout Plan) -> Void = { _ in }
    ) -> JobRecord {
        var plan = Plan(
            taskCount: tasks, parallelism: tasks, steps: [Step(executable: .script(text: "true"))],
            resources: Resources(cpuMilli: 2000, memoryMiB: 2000))
        change(&plan)
        return JobRecord(
            uid: "\(id)-uid", name: JobName(project: "demo", location: "us-central1", id: id), plan: plan,
            createdAt: clock.now, source: Data("source".utf8), submitter: submitter)
    }

    func stored(_ job: JobRecord) async throws -> JobRecord? { try await store.job(uid: job.uid) }
}

/// A clock that stands until it is moved.
final class TestClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))

    var now: Date { time.withLock { $0 } }

    func advance(_ seconds: TimeInterval) { time.withLock { $0.addTimeInterval(seconds) } }
}

/// Keeps entries once for each insert id, as a logbook does; fails as often as it is told to.
actor MemoryLog: LogSink {
    private(set) var entries: [Google_Logging_V2_LogEntry] = []
    private var failures = 0

    struct Full: Error {}

    func fail(_ times: Int) { failures = times }

    func append(_ entries: [Google_Logging_V2_LogEntry]) async throws {
        guard failures == 0 else {
            failures -= 1
            throw Full()
        }
        let known = Set(self.entries.map(\.insertID))
        self.entries += entries.filter { !known.contains($0.insertID) }
    }
}
