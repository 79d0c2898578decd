import Foundation
import Testing

@testable import Logbook

@Suite("The logbook")
struct LogbookTests {
    @Test("gives back what was appended, in order of time and insert id, in both directions and on any page size")
    func order() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            try await logbook.append([
                taskEntry("3", second: 2, id: "b"), taskEntry("1", second: 1, id: "z"),
                taskEntry("2", second: 2, id: "a"),
            ])
            try await logbook.append([
                taskEntry("4", second: 2, job: "other", id: "b", log: "later_log"), taskEntry("0", second: -5, id: "x"),
            ])
            for size in 1...6 {
                #expect(try await logbook.texts(pageSize: size) == ["0", "1", "2", "3", "4"])
                #expect(try await logbook.texts(newestFirst: true, pageSize: size) == ["4", "3", "2", "1", "0"])
            }
        }
    }

    @Test("keeps every field of an entry, also over a restart")
    func fields() async throws {
        try await withDirectory { path in
            var entry = FilterTests.entry
            entry.receiveTimestamp = entry.timestamp
            try await Logbook(path: path).append([entry])
            let page = try await Logbook(path: path).entries(LogQuery(views: [LogView(.project("demo"))]))
            #expect(page.entries == [entry])
            #expect(page.next == nil)
        }
    }

    @Test("ignores an entry that it has already: same log, time and insert id")
    func duplicates() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            try await logbook.append([taskEntry("first", id: "a"), taskEntry("again", id: "a")])
            try await logbook.append([
                taskEntry("again", job: "other", id: "a"), taskEntry("other id", id: "b"),
                taskEntry("other log", id: "a", log: "l"), taskEntry("other time", second: 1, id: "a"),
            ])
            #expect(try await logbook.texts() == ["first", "other log", "other id", "other time"])
        }
    }

    @Test("takes concurrent batches, each whole, in the order of each caller")
    func concurrency() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<20 {
                    group.addTask {
                        for batch in 0..<10 {
                            try await logbook.append((0..<5).map { taskEntry("\(task) \(batch * 5 + $0)", task: task) })
                        }
                    }
                }
                try await group.waitForAll()
            }
            for task in 0..<20 {
                let texts = try await logbook.texts("labels.task_id=hello-1-group0-\(task)")
                #expect(texts == (0..<50).map { "\(task) \($0)" })
            }
        }
    }

    @Test("refuses a name that is no log's, and keeps nothing of the batch")
    func names() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            for name in [
                "", "projects/demo/logs/", "billingAccounts/1/logs/a", "projects/demo/logs/a/b",
                "projects/demo/logs/%zz",
            ] {
                var entry = taskEntry("x")
                entry.logName = name
                let batch = [taskEntry("good"), entry]
                await #expect(throws: LogbookError.invalidLogName(name)) { try await logbook.append(batch) }
            }
            #expect(try await logbook.texts().isEmpty)
        }
    }

    @Test("finds one job's entries among many jobs by looking at no others")
    func oneJob() async throws {
        try await withDirectory { path in
            let limits = ScanLimits(entries: 10, time: .seconds(60), bytes: 1 << 20)
            let logbook = try Logbook(path: path, limits: limits)
            try await logbook.append(
                (0..<2000).map { taskEntry("\($0)", second: $0, job: "job-\($0 % 400)", task: $0) })
            let query = LogQuery(
                views: [LogView(.project("demo"))],
                filter: try LogFilter("resource.type=batch.googleapis.com/Job AND labels.job_uid=JOB-7"))
            let page = try await logbook.entries(query)
            #expect(page.texts == ["7", "407", "807", "1207", "1607"])
            #expect(page.next == nil)
        }
    }

    @Test("answers an empty page with a way on when a search takes too long")
    func budget() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path, limits: ScanLimits(entries: 100, time: .seconds(60), bytes: 1 << 20))
            try await logbook.append((0..<350).map { taskEntry($0 == 349 ? "needle" : "hay", second: $0) })
            let query = LogQuery(views: [LogView(.project("demo"))], filter: try LogFilter("needle"))
            let first = try await logbook.entries(query)
            #expect(first.entries.isEmpty)
            #expect(first.next != nil)
            #expect(try await logbook.texts("needle") == ["needle"])
        }
    }

    @Test("ends a page that has become too large, but never before its first entry")
    func largePage() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path, limits: ScanLimits(entries: 100, time: .seconds(60), bytes: 10))
            try await logbook.append((0..<3).map { taskEntry(String(repeating: "\($0)", count: 20), second: $0) })
            let page = try await logbook.entries(LogQuery(views: [LogView(.project("demo"))]))
            #expect(page.entries.count == 1)
            #expect(try await logbook.texts().count == 3)
        }
    }

    @Test("reads many logs and jobs in one order")
    func manySources() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            try await logbook.append(
                (0..<300).map {
                    taskEntry("\($0)", second: $0 / 3, job: "j\($0)", id: "\(1000 + $0)", log: "log\($0 % 90)")
                })
            #expect(try await logbook.texts(pageSize: 37) == (0..<300).map(String.init))
            #expect(try await logbook.texts(newestFirst: true, pageSize: 41) == (0..<300).reversed().map(String.init))
        }
    }

    @Test(
        "selects through the index exactly what the filter matches",
        arguments: [
            "labels.job_uid=(j1 OR j2)", "severity>=ERROR", "NOT labels.job_uid=j1",
            "logName:log1 OR labels.job_uid=j2",
            "timestamp>=2026-09-21T14:13:23Z timestamp<2026-09-21T14:13:27Z",
            "timestamp>2026-09-21T14:13:23Z severity=INFO",
            "timestamp<2026-01-01", "timestamp>2026-09-22 timestamp<2026-09-20", "labels.task_id:group0-1",
            "log_id(log0)",
            "timestamp=2026-09-21T14:13:23Z OR severity=ERROR", "labels.job_uid=j1 labels.job_uid=j2",
            "NOT severity=INFO",
        ])
    func pushdown(_ text: String) async throws {
        let entries = (0..<40).map {
            taskEntry(
                "\($0)", second: $0 / 3, job: "j\($0 % 4)", task: $0, id: "\(100 + $0)", log: "log\($0 % 3)",
                severity: $0 % 5 == 0 ? .error : .info)
        }
        let filter = try LogFilter(text)
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            try await logbook.append(entries)
            let expected = entries.filter(filter.matches).map(\.textPayload)
            #expect(try await logbook.texts(text, pageSize: 3) == expected)
            #expect(try await logbook.texts(text, newestFirst: true, pageSize: 3) == expected.reversed())
        }
    }

    @Test("forgets old days, and what only they needed")
    func retention() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            try await logbook.append([
                taskEntry("old", second: -86_400 * 40, log: "gone"), taskEntry("old", second: -86_400 * 40),
                taskEntry("new"),
            ])
            let removed = try await logbook.purge(before: Date(timeIntervalSince1970: 1_790_000_000 - 86_400 * 30))
            #expect(removed == 2)
            #expect(try await logbook.texts() == ["new"])
            #expect(try await logbook.logNames(of: .project("demo")).map(\.logID) == ["batch_task_logs"])
            try await logbook.append([taskEntry("late", second: -86_400 * 40, log: "gone")])
            #expect(try await logbook.texts() == ["late", "new"])
            #expect(try await logbook.size() > 0)
        }
    }

    @Test("deletes a log alone, which new entries make anew")
    func deletion() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            let batch = [taskEntry("a", log: "one"), taskEntry("b", log: "two")]
            try await logbook.append(batch)
            let one = try #require(LogName("projects/demo/logs/one"))
            try await logbook.delete(one)
            #expect(try await logbook.texts() == ["b"])
            #expect(try await logbook.logNames(of: .project("demo")).map(\.description) == ["projects/demo/logs/two"])
            try await logbook.append(batch)
            #expect(try await logbook.texts().sorted() == ["a", "b", "b"])
        }
    }
}
