import Dispatcher
import Schema
import Testing
import Workload

@Suite("Whose attempt it is", .timeLimit(.minutes(10)))
struct LeasedAttemptTests {
    @Test("is told for the agent that has it, from its lease to its end")
    func leased() async throws {
        let bench = try await Bench()
        let dispatcher = bench.dispatcher
        let agent = FakeAgent(dispatcher, incarnation: "i1")
        await agent.connect()
        _ = try await dispatcher.submit(bench.job(tasks: 2), requestID: nil)
        _ = await agent.lease()
        #expect(await dispatcher.job(ofAttempt: 0, at: 1, of: "job-uid", on: "i1")?.name.id == "job")
        #expect(await dispatcher.job(ofAttempt: 1, at: 1, of: "job-uid", on: "i1") == nil)
        #expect(await dispatcher.job(ofAttempt: 0, at: 2, of: "job-uid", on: "i1") == nil)
        #expect(await dispatcher.job(ofAttempt: 0, at: -1, of: "job-uid", on: "i1") == nil)
        #expect(await dispatcher.job(ofAttempt: 0, at: 1, of: "other-uid", on: "i1") == nil)
        #expect(await dispatcher.job(ofAttempt: 0, at: 1, of: "job-uid", on: "i2") == nil)
    }

    @Test("is forgotten with its end, and with its agent")
    func ended() async throws {
        let bench = try await Bench()
        let dispatcher = bench.dispatcher
        let agent = FakeAgent(dispatcher, incarnation: "i1")
        await agent.connect()
        _ = try await dispatcher.submit(bench.job(tasks: 2), requestID: nil)
        let first = try #require(await agent.lease().attempts.first)
        await agent.start(first)
        await agent.end(first)
        #expect(await dispatcher.job(ofAttempt: 0, at: 0, of: "job-uid", on: "i1") == nil)
        #expect(await dispatcher.job(ofAttempt: 0, at: 1, of: "job-uid", on: "i1") != nil)
        let successor = FakeAgent(dispatcher, incarnation: "i2")
        await successor.connect()
        #expect(await dispatcher.job(ofAttempt: 0, at: 1, of: "job-uid", on: "i1") == nil)
    }

    @Test("is known to the next server")
    func restarted() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher, incarnation: "i1")
        await agent.connect()
        _ = try await bench.dispatcher.submit(bench.job(), requestID: nil)
        _ = await agent.lease()
        let next = try await bench.restarted()
        #expect(await next.job(ofAttempt: 0, at: 0, of: "job-uid", on: "i1") != nil)
    }
}
