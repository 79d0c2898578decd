import Foundation
import Synchronization
import Testing

@testable import Metadata

@Suite("The names that tasks' proxies look up", .timeLimit(.minutes(5)))
struct ResolutionTests {
    /// Looks names up that are answered once the gate is opened.
    private final class SlowServer: Sendable {
        let asked = Mutex<[String]>([])
        let gate = DispatchSemaphore(value: 0)

        func answer(_ host: String) -> [OutboundAddress] {
            asked.withLock { $0.append(host) }
            gate.wait()
            return []
        }

        func until(_ count: Int) async throws {
            while asked.withLock({ $0.count }) < count { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test("are not looked up any more once nobody waits for them")
    func leftAlone() async throws {
        let server = SlowServer()
        let resolution = Resolution(threads: 1) { server.answer($0) }
        let first = Task { try await resolution.addresses(of: "first", within: AsyncSemaphore(1)) }
        try await server.until(1)
        let second = Task { try await resolution.addresses(of: "second", within: AsyncSemaphore(1)) }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        let third = Task { try await resolution.addresses(of: "third", within: AsyncSemaphore(1)) }
        for _ in 0..<2 { server.gate.signal() }
        #expect(try await first.value == [])
        #expect(try await third.value == [])
        #expect(server.asked.withLock { $0 } == ["first", "third"])
    }

    @Test("take no more than a part of the threads for one task, whose others wait for their turn")
    func turns() async throws {
        let server = SlowServer()
        let resolution = Resolution(threads: 2) { server.answer($0) }
        let greedy = AsyncSemaphore(1)
        let tasks = (0..<10).map { _ in Task { try await resolution.addresses(of: "greedy", within: greedy) } }
        try await server.until(1)
        let other = Task { try await resolution.addresses(of: "other", within: AsyncSemaphore(1)) }
        try await server.until(2)
        #expect(server.asked.withLock { $0.sorted() } == ["greedy", "other"])
        tasks[0].cancel()
        for _ in 0..<11 { server.gate.signal() }
        _ = try await other.value
        for task in tasks.dropFirst() { #expect(try await task.value == []) }
    }
}
