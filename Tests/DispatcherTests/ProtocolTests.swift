import Dispatcher
import Schema
import Testing

@Suite("Agents that break the protocol", .timeLimit(.minutes(10)))
struct ProtocolTests {
    static let batch = Landfall_Agent_V1_FromAgent.with { $0.batch.items = [.with { $0.sequence = 1 }] }

    static func hello(
        node: String = "n1", incarnation: String = "i1", cpuMilli: Int64 = 1, memoryMiB: Int64 = 1
    ) -> Landfall_Agent_V1_FromAgent {
        .with {
            $0.hello.node = node
            $0.hello.incarnation = incarnation
            $0.hello.cpuMilli = cpuMilli
            $0.hello.memoryMib = memoryMiB
        }
    }

    @Test(
        "are refused, and their node is not taken in",
        arguments: [
            [batch], [.init()], [hello(node: "")], [hello(node: "a/b")], [hello(incarnation: "")],
            [hello(incarnation: String(repeating: "x", count: 129))], [hello(cpuMilli: 0)], [hello(memoryMiB: -1)],
        ])
    func refused(_ messages: [Landfall_Agent_V1_FromAgent]) async throws {
        let bench = try await Bench()
        let (requests, line) = AsyncThrowingStream<Landfall_Agent_V1_FromAgent, any Error>.makeStream()
        for message in messages { line.yield(message) }
        await #expect(throws: AgentError.self) {
            try await bench.dispatcher.serve(requests: requests) { _ in }
        }
        #expect(await bench.dispatcher.status().isEmpty)
    }

    @Test("A second Hello on one stream ends it")
    func secondHello() async throws {
        let bench = try await Bench()
        let (requests, line) = AsyncThrowingStream<Landfall_Agent_V1_FromAgent, any Error>.makeStream()
        line.yield(Self.hello())
        line.yield(Self.hello())
        await #expect(throws: AgentError.helloExpected) {
            try await bench.dispatcher.serve(requests: requests) { _ in }
        }
        #expect(await bench.dispatcher.status().map(\.isConnected) == [false])
    }

    @Test("A later connection of a node takes over from the earlier one, which ends")
    func takeover() async throws {
        let bench = try await Bench()
        let first = FakeAgent(bench.dispatcher, incarnation: "i1")
        await first.connect()
        let second = FakeAgent(bench.dispatcher, incarnation: "i1")
        await second.connect()
        await first.ended()
        #expect(await bench.dispatcher.status().map(\.isConnected) == [true])
        _ = try await bench.dispatcher.submit(bench.job(), requestID: nil)
        #expect(await second.lease().count == 1)
    }
}
