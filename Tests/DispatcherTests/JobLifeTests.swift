import Foundation
import Store
import Testing
import Workload

@testable import Dispatcher

@Suite("The life of a job", .timeLimit(.minutes(10)))
struct JobLifeTests {
    @Test("A job runs from QUEUED to SUCCEEDED, with its plan sent once and forgotten at the end")
    func success() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await bench.dispatcher.submit(bench.job(tasks: 3), requestID: nil)
        let lease = await agent.lease()
        #expect(lease.first == 0)
        #expect(lease.count == 3)
        #expect(try JSONDecoder().decode(Plan.self, from: lease.plan) == job.plan)
        #expect(try await bench.stored(job)?.state == .scheduled)
        #expect(try await bench.stored(job)?.counts == [.assigned: 3])
        let attempts = lease.attempts
        await agent.start(attempts[0], attempts[1], attempts[2])
        #expect(try await bench.stored(job)?.state == .running)
        await agent.end(attempts[0], attempts[1], attempts[2])
        let done = try #require(try await bench.stored(job))
        #expect(done.state == .succeeded)
        #expect(done.counts == [.succeeded: 3])
        #expect(done.source == Data("source".utf8))
        #expect(await agent.forget() == job.uid)
        let task = try #require(try await bench.store.task(2, of: job.uid))
        #expect(task.events.map(\.to) == [.assigned, .running, .succeeded])
        #expect(task.events.allSatisfy { $0.node == "n1" })
    }

    @Test("Never more tasks than the parallelism are out at once")
    func parallelism() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await bench.dispatcher.submit(bench.job(tasks: 5) { $0.parallelism = 2 }, requestID: nil)
        let first = await agent.lease()
        #expect(first.count == 2)
        await agent.end(first.attempts[0])
        let second = await agent.lease()
        #expect((second.first, second.count) == (2, 1))
        #expect(second.plan.isEmpty)
        #expect(try await bench.stored(job)?.counts == [.succeeded: 1, .assigned: 2, .pending: 2])
    }

    @Test("Tasks in order come one at a time, by index")
    func inOrder() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        _ = try await bench.dispatcher.submit(bench.job(tasks: 3) { $0.order = .byIndex }, requestID: nil)
        for index in 0..<3 {
            let lease = await agent.lease()
            #expect((lease.first, lease.count) == (UInt32(index), 1))
            await agent.end(lease.attempts[0])
        }
    }

    @Test("A failed attempt is repeated as often as the policy allows, and then the job fails with its cause")
    func retry() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await bench.dispatcher.submit(
            bench.job(tasks: 3) {
                $0.retry = RetryPolicy(maxRetries: 1)
                $0.parallelism = 1
            }, requestID: nil)
        for attempt in 0..<2 {
            let lease = await agent.lease()
            #expect((lease.first, lease.attempt) == (0, UInt32(attempt)))
            await agent.start(lease.attempts[0])
            await agent.end(lease.attempts[0], exitCode: 9)
        }
        let failed = try #require(try await bench.stored(job))
        #expect(failed.state == .failed)
        #expect(failed.counts == [.failed: 1, .unexecuted: 2])
        guard case .state(_, .failed, let cause?)? = failed.events.last?.kind else {
            Issue.record("no cause")
            return
        }
        #expect(cause.event.exitCode == 9)
        #expect(try await bench.store.task(0, of: job.uid)?.events.compactMap(\.exitCode) == [9, 9])
    }

    @Test("An attempt that was given back costs no retry")
    func givenBack() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await bench.dispatcher.submit(bench.job(), requestID: nil)
        await agent.report([(await agent.lease().attempts[0], .ended(.with { $0.neverStarted = true }))])
        #expect(try await bench.stored(job)?.counts == [.pending: 1])
        bench.clock.advance(2)
        await bench.dispatcher.tick()
        let again = await agent.lease()
        #expect((again.first, again.attempt) == (0, 0))
    }

    @Test("A job of 100,000 tasks costs rows for the leased ones only")
    func big() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await bench.dispatcher.submit(bench.job(tasks: 100_000), requestID: nil)
        let lease = await agent.lease()
        #expect(lease.count == 4)
        #expect(try await bench.store.tasks(of: job.uid, from: 0, limit: 100_000).count == 4)
    }

    @Test("Leases run ahead of what a node runs at once when tasks are short")
    func prefetch() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        _ = try await bench.dispatcher.submit(bench.job(tasks: 1000), requestID: nil)
        bench.clock.advance(0.2)
        let first = await agent.lease().attempts
        await agent.end(first[0])
        for _ in 0..<8 {
            bench.clock.advance(0.1)
            let attempts = await agent.lease().attempts
            await agent.report(attempts.map { ($0, .ended(.init())) })
        }
        let out = await bench.dispatcher.status().first?.attempts ?? 0
        #expect(out > 4)
    }

    @Test("Repeated submissions with a request id give the first job, and equal names are refused")
    func duplicates() async throws {
        let bench = try await Bench()
        let job = try await bench.dispatcher.submit(bench.job("a"), requestID: "r")
        #expect(try await bench.dispatcher.submit(bench.job("b"), requestID: "r").uid == job.uid)
        var other = bench.job("a")
        other.uid = "x"
        let refused = other
        await #expect(throws: StoreError.alreadyExists) {
            try await bench.dispatcher.submit(refused, requestID: nil)
        }
    }

    @Test("A task too large for every node is refused with the largest; without a node the job waits and says so")
    func sizes() async throws {
        let bench = try await Bench()
        let large = bench.job("a") { $0.resources.memoryMiB = 20_000 }
        let early = try await bench.dispatcher.submit(large, requestID: nil)
        #expect(early.events.contains { if case .note(let text) = $0.kind { text.contains("no node") } else { false } })
        await FakeAgent(bench.dispatcher).connect()
        await #expect(throws: EngineError.tooLarge(memoryMiB: 16_000)) {
            try await bench.dispatcher.submit(bench.job("b") { $0.resources.memoryMiB = 20_000 }, requestID: nil)
        }
        bench.clock.advance(2)
        await bench.dispatcher.tick()
        await bench.dispatcher.tick()
        _ = try? await bench.dispatcher.durable()
        let notes = try #require(try await bench.stored(early)).events.filter {
            if case .note(let text) = $0.kind { text.contains("20000 MiB") } else { false }
        }
        #expect(notes.count == 1)
    }

    @Test("A task that asks for more processors than there are runs alone, and an event says so")
    func alone() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await bench.dispatcher.submit(
            bench.job(tasks: 3) { $0.resources.cpuMilli = 64_000 }, requestID: nil)
        #expect(await agent.lease().count == 1)
        #expect(job.events.contains { if case .note(let text) = $0.kind { text.contains("alone") } else { false } })
    }
}
