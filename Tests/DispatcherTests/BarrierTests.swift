import Foundation
import Schema
import Testing
import Workload

@testable import Dispatcher

@Suite("Tasks that wait for each other", .timeLimit(.minutes(10)))
struct BarrierTests {
    /// Submits a job of tasks with a step, a barrier and another step.
    private func submit(_ bench: Bench, tasks: Int, retries: Int = 0) async throws -> JobRecord {
        try await bench.dispatcher.submit(
            bench.job {
                $0.taskCount = tasks
                $0.parallelism = tasks
                $0.retry.maxRetries = retries
                $0.resources = Resources(cpuMilli: 100, memoryMiB: 10)
                $0.steps = [
                    Step(executable: .script(text: "a")), Step(executable: .barrier),
                    Step(executable: .script(text: "b")),
                ]
            }, requestID: nil)
    }

    private func attempts(_ agent: FakeAgent, _ count: Int) async -> [Attempt] {
        var attempts: [Attempt] = []
        while attempts.count < count { attempts += await agent.lease().attempts }
        return attempts
    }

    private static let waits = Landfall_Agent_V1_Item.OneOf_Kind.waits(.with { $0.step = 1 })

    private func open(_ agent: FakeAgent) async -> Landfall_Agent_V1_Open {
        await agent.next { if case .open(let open) = $0 { open } else { nil } }
    }

    private func hasOpened(_ agent: FakeAgent) async -> Bool {
        await agent.kinds.contains { if case .open = $0 { true } else { false } }
    }

    @Test("A barrier opens when the last task has come to it, for the agents of all")
    func opens() async throws {
        let bench = try await Bench()
        let one = FakeAgent(bench.dispatcher, node: "n1", cpuMilli: 200)
        let two = FakeAgent(bench.dispatcher, node: "n2", cpuMilli: 200)
        await one.connect()
        await two.connect()
        _ = try await submit(bench, tasks: 4)
        let (first, second) = (await attempts(one, 2), await attempts(two, 2))
        for (agent, attempts) in [(one, first), (two, second)] {
            for attempt in attempts { await agent.start(attempt) }
        }
        await one.report(first.map { ($0, Self.waits) })
        await two.report([(second[0], Self.waits)])
        for agent in [one, two] { #expect(await !hasOpened(agent)) }
        await two.report([(second[1], Self.waits)])
        for agent in [one, two] {
            let open = await open(agent)
            #expect(open.step == 1 && open.broken.isEmpty)
        }
    }

    @Test("A task that is tried again comes to a barrier that counts it once, and stays open for it")
    func retry() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await submit(bench, tasks: 2, retries: 1)
        let both = await attempts(agent, 2)
        for attempt in both { await agent.start(attempt) }
        await agent.report([(both[0], Self.waits)])
        await agent.end(both[0], exitCode: 1)
        let again = await attempts(agent, 1)[0]
        await agent.start(again)
        await agent.report([(again, Self.waits)])
        #expect(await !hasOpened(agent))
        await agent.report([(both[1], Self.waits)])
        #expect(await open(agent).jobUid == job.uid)
    }

    @Test("What has come to a barrier is known after a restart of the server")
    func restart() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let job = try await submit(bench, tasks: 2)
        let both = await attempts(agent, 2)
        for attempt in both { await agent.start(attempt) }
        await agent.report([(both[0], Self.waits)])
        await agent.disconnect()
        let next = try await bench.restarted()
        let back = FakeAgent(next, incarnation: agent.incarnation)
        await back.connect(attempts: both, plans: [job.uid])
        await back.send([(both[1], Self.waits)], from: 4)
        #expect(await open(back).broken.isEmpty)
        await back.disconnect()
        // Whoever missed it is told again.
        await back.connect(attempts: both, plans: [job.uid])
        #expect(await open(back).step == 1)
    }

    @Test("When a task fails for good, those that wait are told that they wait in vain")
    func broken() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        _ = try await submit(bench, tasks: 2)
        let both = await attempts(agent, 2)
        for attempt in both { await agent.start(attempt) }
        await agent.report([(both[0], Self.waits)])
        await agent.end(both[1], exitCode: 9)
        #expect(await open(agent).broken.contains("task 1 has failed"))
    }
}
