import Logbook
import Testing

@Suite("A tail", .timeLimit(.minutes(10)))
struct TailTests {
    @Test("gives new entries that match, and no old ones")
    func following() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            try await logbook.append([taskEntry("old")])
            let tail = try logbook.tail(
                TailSelection(views: [LogView(.project("demo"))], filter: LogFilter("severity>=ERROR")))
            try await logbook.append([
                taskEntry("quiet", second: 1), taskEntry("2", second: 3, severity: .error),
                taskEntry("1", second: 2, severity: .alert), taskEntry("elsewhere", project: "p", severity: .error),
            ])
            var iterator = tail.makeAsyncIterator()
            let batch = await iterator.next()
            #expect(batch?.entries.map(\.textPayload) == ["1", "2"])
            #expect(batch?.suppressed == 0)
        }
    }

    @Test("drops what a slow reader cannot take, and says how much")
    func overflow() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            let tail = try logbook.tail(TailSelection(views: [LogView(.project("demo"))]))
            try await logbook.append((0..<10_007).map { taskEntry("x", second: $0) })
            var iterator = tail.makeAsyncIterator()
            let batch = await iterator.next()
            #expect(batch?.entries.count == 10_000)
            #expect(batch?.suppressed == 7)
        }
    }

    @Test("holds a bounded number of bytes for a slow reader")
    func size() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            let tail = try logbook.tail(TailSelection(views: [LogView(.project("demo"))]))
            let text = String(repeating: "x", count: 1 << 20)
            try await logbook.append((0..<40).map { taskEntry(text, second: $0) })
            var iterator = tail.makeAsyncIterator()
            let batch = await iterator.next()
            #expect(batch?.entries.count == 31)
            #expect(batch?.suppressed == 9)
        }
    }

    @Test("ends when its reader is cancelled, and makes room for others")
    func cancellation() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            for _ in 0..<150 { _ = try logbook.tail(TailSelection(views: [LogView(.project("demo"))])) }
            let reader = Task {
                for await _ in try logbook.tail(TailSelection(views: [LogView(.project("demo"))])) {}
            }
            reader.cancel()
            try await reader.value
            let open = try (0..<100).map { _ in try logbook.tail(TailSelection(views: [LogView(.project("demo"))])) }
            #expect(throws: LogbookError.tooManyTails(limit: 100)) {
                try logbook.tail(TailSelection(views: [LogView(.project("demo"))]))
            }
            withExtendedLifetime(open) {}
        }
    }
}
