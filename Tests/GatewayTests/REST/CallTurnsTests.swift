import Testing

@testable import Gateway

@Suite("Calls of one caller", .timeLimit(.minutes(10)))
struct CallTurnsTests {
    @Test("wait for each other when they are many, and nobody else's wait with them")
    func order() async throws {
        let turns = CallTurns(limit: 2)
        let (gate, door) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Int.self)
        var starts = begun.makeAsyncIterator()
        let calls = (0..<6).map { number in
            Task {
                try await turns.run(for: "alice") {
                    begin.yield(number)
                    for await _ in gate {}
                }
            }
        }
        var first: Set<Int> = []
        while first.count < 2, let number = await starts.next() { first.insert(number) }
        #expect(try await turns.run(for: "bob") { 42 } == 42)
        begin.yield(-1)
        // Nobody else has begun.
        #expect(await starts.next() == -1)
        door.finish()
        for call in calls { try await call.value }
        begin.finish()
        var others: Set<Int> = []
        while let number = await starts.next() { others.insert(number) }
        #expect(first.union(others) == Set(0..<6) && first.isDisjoint(with: others))
    }

    @Test("are not carried out when nobody waits for them any more, and keep no place")
    func cancellation() async throws {
        let turns = CallTurns(limit: 1)
        for _ in 0..<3 {
            let call = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await turns.run(for: "alice") { _ = Issue.record("it was carried out") }
            }
            await #expect(throws: CancellationError.self) { try await call.value }
        }
        #expect(try await turns.run(for: "alice") { 1 } == 1)
    }
}
