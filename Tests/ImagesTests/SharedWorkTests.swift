import Synchronization
import Testing

@testable import Images

@Suite("Work that many wait for")
struct SharedWorkTests {
    /// Waits until something holds.
    private func until(_ holds: @Sendable () -> Bool) async throws {
        for _ in 0..<12_000 where !holds() { try await Task.sleep(for: .milliseconds(5)) }
        #expect(holds())
    }

    @Test("It is cancelled when the last one leaves, and not before")
    func cancellation() async throws {
        let work = SharedWork<String, Int>()
        let events = Mutex<[String]>([])
        let wait: @Sendable () async throws -> Int = {
            events.withLock { $0.append("begun") }
            do {
                try await Task.sleep(for: .seconds(600))
            } catch {
                events.withLock { $0.append("cancelled") }
                throw error
            }
            return 1
        }
        let waiters = (0..<2).map { _ in Task { try await work.value(for: "a", wait) } }
        try await until { events.withLock { $0 } == ["begun"] }
        waiters[0].cancel()
        await #expect(throws: CancellationError.self) { try await waiters[0].value }
        #expect(events.withLock { $0 } == ["begun"])
        waiters[1].cancel()
        await #expect(throws: CancellationError.self) { try await waiters[1].value }
        try await until { events.withLock { $0 } == ["begun", "cancelled"] }
        // What comes after it begins anew.
        #expect(try await work.value(for: "a") { 2 } == 2)
    }

    @Test("What it throws is thrown to all, and it is tried again for those who come later")
    func failure() async throws {
        struct Fault: Error {}
        let work = SharedWork<String, Int>()
        for _ in 0..<2 {
            await #expect(throws: Fault.self) { _ = try await work.value(for: "a") { throw Fault() } }
        }
        #expect(try await work.value(for: "a") { 3 } == 3)
    }

    @Test("No more go ahead at once than there are slots, and who is cancelled leaves the line")
    func slots() async throws {
        let slots = Slots(2)
        let running = Mutex((now: 0, most: 0))
        let one: @Sendable () async throws -> Void = {
            try await slots.run {
                running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                try await Task.sleep(for: .milliseconds(2))
                running.withLock { $0.now -= 1 }
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask(operation: one) }
            try await group.waitForAll()
        }
        #expect(running.withLock { $0.most } == 2)
        let only = Slots(1)
        try await only.run {
            let waiting = Task { try await only.run {} }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        try await only.run {}
    }
}
