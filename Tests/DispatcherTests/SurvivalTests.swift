import Foundation
import Schema
import Store
import Testing
import Workload

@testable import Dispatcher

@Suite("Restarts and losses", .timeLimit(.minutes(10)))
struct SurvivalTests {
    @Test("A new dispatcher takes up jobs where the last one left them; the agent goes on")
    func restart() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher, incarnation: "i1")
        await agent.connect()
        let job = try await bench.dispatcher.submit(
            bench.job(tasks: 6) { $0.retry = RetryPolicy(maxRetries: 1) }, requestID: nil)
        let attempts = await agent.lease().attempts
        #expect(attempts.count == 4)
        await agent.start(attempts[0], attempts[1])
        await agent.end(attempts[1], exitCode: 3)
        let dispatcher = try await bench.restarted()

        let again = FakeAgent(dispatcher, incarnation: "i1")
        // Task 1 was leased again before the restart, but that lease is not known to the agent.
        let retried = try await bench.store.task(1, of: job.uid)
        #expect(retried?.state == .assigned)
        #expect(retried?.attempt == 1)
        let applied = await again.connect(attempts: [attempts[0], attempts[2], attempts[3]], plans: [job.uid])
        #expect(applied == 3)
        await again.send(
            [0, 2, 3].map { (attempts[$0], .ended(.init())) }, from: applied + 1)
        bench.clock.advance(6)
        await dispatcher.tick()
        var left: [Attempt] = []
        while left.count < 3 {
            let lease = await again.lease()
            #expect(lease.plan.isEmpty)
            left += lease.attempts
        }
        #expect(Set(left.map(\.index)) == [1, 4, 5])
        await again.send(left.map { ($0, .ended(.init())) }, from: applied + 4)
        #expect(try await bench.stored(job)?.state == .succeeded)
    }

    @Test("A new incarnation of a node means that the attempts of the old one are lost: 50002, repeated where allowed")
    func newIncarnation() async throws {
        let bench = try await Bench()
        let first = FakeAgent(bench.dispatcher)
        await first.connect()
        let kept = try await bench.dispatcher.submit(
            bench.job("kept") { $0.retry = RetryPolicy(maxRetries: 1) }, requestID: nil)
        let lost = try await bench.dispatcher.submit(bench.job("lost"), requestID: nil)
        await first.start(await first.lease().attempts[0], await first.lease().attempts[0])
        let second = FakeAgent(bench.dispatcher)
        await second.connect()
        let lease = await second.lease()
        #expect(lease.jobUid == kept.uid)
        #expect(lease.attempt == 1)
        #expect(!lease.plan.isEmpty)
        let failed = try #require(try await bench.stored(lost))
        #expect(failed.state == .failed)
        #expect(try await bench.store.task(0, of: lost.uid)?.events.last?.exitCode == 50002)
    }

    @Test("An agent that stays away for longer than the grace time loses its attempts, and has to start anew")
    func grace() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher, incarnation: "i1")
        await agent.connect()
        let job = try await bench.dispatcher.submit(bench.job(), requestID: nil)
        let attempt = await agent.lease().attempts[0]
        await agent.start(attempt)
        await agent.disconnect()
        bench.clock.advance(299)
        await bench.dispatcher.tick()
        try await bench.dispatcher.durable()
        #expect(try await bench.stored(job)?.state == .running)
        bench.clock.advance(2)
        await bench.dispatcher.tick()
        try await bench.dispatcher.durable()
        #expect(try await bench.stored(job)?.state == .failed)
        await agent.connect(attempts: [attempt], plans: [job.uid])
        let leave = await agent.next { if case .leave(let leave) = $0 { leave } else { nil } }
        #expect(leave.stopTasks)
        await agent.end(attempt)
        #expect(try await bench.stored(job)?.state == .failed)
    }

    @Test("Items that come twice are applied once")
    func repeats() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await bench.dispatcher.submit(
            bench.job { $0.retry = RetryPolicy(maxRetries: 5) }, requestID: nil)
        let attempt = await agent.lease().attempts[0]
        let items: [(Attempt, Landfall_Agent_V1_Item.OneOf_Kind)] = [
            (attempt, .started(.init())), (attempt, .ended(.with { $0.exitCode = 1 })),
        ]
        await agent.send(items, from: 1)
        await agent.send(items, from: 1)
        let task = try #require(try await bench.store.task(0, of: job.uid))
        #expect(task.events.compactMap(\.exitCode) == [1])
        #expect(task.attempt == 1)
    }

    @Test("After a reconnection, leases that never arrived are put back, at no cost")
    func lostLease() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher, incarnation: "i1")
        await agent.connect()
        _ = try await bench.dispatcher.submit(bench.job(tasks: 2), requestID: nil)
        let attempts = await agent.lease().attempts
        await agent.disconnect()
        await agent.connect(attempts: [attempts[0]])
        bench.clock.advance(6)
        await bench.dispatcher.tick()
        let lease = await agent.lease()
        #expect((lease.first, lease.count, lease.attempt) == (1, 1, 0))
        #expect(!lease.plan.isEmpty)
    }

    @Test("A job that was being cancelled goes on being cancelled after a restart")
    func cancelAcrossRestart() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher, incarnation: "i1")
        await agent.connect()
        let job = try await bench.dispatcher.submit(bench.job(), requestID: nil)
        let attempt = await agent.lease().attempts[0]
        let operation = try await bench.dispatcher.cancel(job.name, requestID: nil)
        let dispatcher = try await bench.restarted()
        let again = FakeAgent(dispatcher, incarnation: "i1")
        await again.connect(attempts: [attempt], plans: [job.uid])
        #expect(await again.stop().jobUid == job.uid)
        await again.end(attempt, exitCode: 143)
        #expect(try await bench.stored(job)?.state == .cancelled)
        #expect(try await bench.store.operation(operation.name)?.endedAt != nil)
    }

    @Test("Jobs that an agent still runs and nobody knows are stopped")
    func unknownAttempts() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect(attempts: [.with { $0.jobUid = "gone" }], plans: ["gone"])
        #expect(await agent.stop().jobUid == "gone")
        #expect(await agent.forget() == "gone")
    }

    @Test("Leaving is told to the agents, and nothing is leased any more")
    func leave() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        await bench.dispatcher.shutDown(stopTasks: true, within: .zero)
        let leave = await agent.next { if case .leave(let leave) = $0 { leave } else { nil } }
        #expect(leave.stopTasks)
        _ = try await bench.dispatcher.submit(bench.job(), requestID: nil)
        #expect(await bench.dispatcher.status().first?.attempts == 0)
    }
}
