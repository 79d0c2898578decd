import Foundation
import Store
import Testing
import Workload

@testable import Dispatcher

@Suite("Ending jobs early", .timeLimit(.minutes(10)))
struct EndingTests {
    @Test("Cancelling a queued job is done at once")
    func cancelQueued() async throws {
        let bench = try await Bench()
        let job = try await bench.dispatcher.submit(bench.job(tasks: 2), requestID: nil)
        let operation = try await bench.dispatcher.cancel(job.name, requestID: nil)
        #expect(operation.endedAt != nil)
        #expect(try await bench.stored(job)?.state == .cancelled)
        #expect(try await bench.stored(job)?.counts == [.unexecuted: 2])
        await #expect(throws: EngineError.alreadyEnded(.cancelled)) {
            try await bench.dispatcher.cancel(job.name, requestID: nil)
        }
        await #expect(throws: EngineError.unknownJob) {
            try await bench.dispatcher.cancel(JobName(project: "demo", location: "x", id: "y"), requestID: nil)
        }
    }

    @Test("Cancelling a running job stops its tasks, and is done when none runs")
    func cancelRunning() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await bench.dispatcher.submit(
            bench.job(tasks: 3) { $0.retry = RetryPolicy(maxRetries: 3) }, requestID: nil)
        let attempts = await agent.lease().attempts
        await agent.start(attempts[0])
        let operation = try await bench.dispatcher.cancel(job.name, requestID: "r")
        #expect(operation.endedAt == nil)
        #expect(try await bench.dispatcher.cancel(job.name, requestID: "r") == operation)
        #expect(try await bench.dispatcher.cancel(job.name, requestID: nil).name == operation.name)
        let stop = await agent.stop()
        #expect((stop.jobUid, stop.graceSeconds) == (job.uid, 10))
        await agent.report([
            (attempts[1], .ended(.with { $0.neverStarted = true })),
            (attempts[2], .ended(.with { $0.neverStarted = true })),
            (attempts[0], .ended(.with { $0.exitCode = 143 })),
        ])
        let cancelled = try #require(try await bench.stored(job))
        #expect(cancelled.state == .cancelled)
        #expect(cancelled.counts == [.failed: 1, .unexecuted: 2])
        #expect(try await bench.store.operation(operation.name)?.endedAt != nil)
    }

    @Test("The jobs of a project are ended together, and those of others go on")
    func cancelProject() async throws {
        let bench = try await Bench()
        let ended = try await bench.dispatcher.submit(bench.job("ended"), requestID: nil)
        _ = try await bench.dispatcher.cancel(ended.name, requestID: nil)
        let jobs = [
            try await bench.dispatcher.submit(bench.job("one"), requestID: nil),
            try await bench.dispatcher.submit(bench.job("two", tasks: 2), requestID: nil),
        ]
        try await bench.dispatcher.cancelJobs(ofProject: "other")
        #expect(try await bench.stored(jobs[0])?.state == .queued)
        for _ in 0..<2 { try await bench.dispatcher.cancelJobs(ofProject: "demo") }
        for job in jobs { #expect(try await bench.stored(job)?.state == .cancelled) }
    }

    @Test("A deleted job stops, and then it is gone with its tasks; the operation stays")
    func delete() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await bench.dispatcher.submit(bench.job(), requestID: nil)
        let attempt = await agent.lease().attempts[0]
        let operation = try await bench.dispatcher.delete(job.name, requestID: "r")
        #expect(operation.endedAt == nil)
        #expect(try await bench.stored(job)?.state == .deleting)
        _ = await agent.stop()
        await agent.end(attempt, exitCode: 137)
        #expect(try await bench.stored(job) == nil)
        #expect(try await bench.store.tasks(of: job.uid, from: 0, limit: 9).isEmpty)
        let repeated = try await bench.dispatcher.delete(job.name, requestID: "r")
        #expect(repeated.name == operation.name)
        #expect(repeated.endedAt != nil)
        await #expect(throws: EngineError.unknownJob) {
            try await bench.dispatcher.delete(job.name, requestID: nil)
        }
        _ = try await bench.dispatcher.submit(bench.job(), requestID: nil)
    }

    @Test("A finished job is deleted at once, by request or when its time is over")
    func deleteFinished() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let jobs = [bench.job("a"), bench.job("b")]
        for job in jobs {
            _ = try await bench.dispatcher.submit(job, requestID: nil)
            await agent.end(await agent.lease().attempts[0])
        }
        #expect(try await bench.dispatcher.delete(jobs[0].name, requestID: nil).endedAt != nil)
        #expect(try await bench.stored(jobs[0]) == nil)
        bench.clock.advance(60 * 86_400 + 1)
        await bench.dispatcher.tick()
        try await bench.dispatcher.durable()
        #expect(try await bench.stored(jobs[1]) == nil)
    }

    @Test("A job that nothing could run fails after two days")
    func queuedTooLong() async throws {
        let bench = try await Bench()
        let job = try await bench.dispatcher.submit(bench.job(), requestID: nil)
        bench.clock.advance(2 * 86_400 + 1)
        await bench.dispatcher.tick()
        try await bench.dispatcher.durable()
        #expect(try await bench.stored(job)?.state == .failed)
    }

    @Test("A job that runs for more than 14 days is stopped, and fails")
    func runsTooLong() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await bench.dispatcher.submit(bench.job(), requestID: nil)
        let attempt = await agent.lease().attempts[0]
        await agent.start(attempt)
        bench.clock.advance(14 * 86_400 + 1)
        await bench.dispatcher.tick()
        _ = await agent.stop()
        await agent.end(attempt, exitCode: 143)
        #expect(try await bench.stored(job)?.state == .failed)
    }
}
