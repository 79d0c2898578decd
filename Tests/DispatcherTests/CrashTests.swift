import Foundation
import Logging
import Schema
import Store
import Testing
import Workload

@testable import Dispatcher

@Suite("Under random crashes", .timeLimit(.minutes(10)))
struct CrashTests {
    @Test("every job reaches its end, no attempt runs twice, and no line is doubled or lost", arguments: 0..<12)
    func crashes(seed: UInt64) async throws {
        let bench = try await Bench()
        await bench.dispatcher.stop()
        var world = World(bench, seed: seed)
        try await world.startDispatcher()
        for number in 0..<4 { try await world.submit(number) }
        for _ in 0..<250 { try await world.step() }
        try await world.finish()
        try await world.check()
    }
}

/// A server and an agent that are killed at random.
struct World {
    let bench: Bench
    var random: SplitMix
    var agents = [SimulatedAgent()]
    var jobs: [JobRecord] = []
    var store: KillableStore
    var dispatcher: Dispatcher

    init(_ bench: Bench, seed: UInt64) {
        self.bench = bench
        random = SplitMix(state: seed)
        store = KillableStore(bench.store)
        dispatcher = bench.dispatcher
    }

    mutating func startDispatcher() async throws {
        store = KillableStore(bench.store)
        dispatcher = Bench.dispatcher(store, bench.logbook, bench.clock)
        try await dispatcher.start()
        await agents[agents.count - 1].connect(dispatcher)
    }

    mutating func submit(_ number: Int) async throws {
        let retries = Int.random(in: 0...10, using: &random)
        let parallelism = Int.random(in: 1...8, using: &random)
        let submitter = number < 2 ? "alice@example.com" : "bob@example.com"
        let job = bench.job("job\(number)", tasks: 8, of: submitter) { plan in
            plan.retry = RetryPolicy(maxRetries: retries)
            plan.parallelism = parallelism
            plan.priority = number % 2
            LogTests.keep(&plan)
        }
        jobs.append(try await dispatcher.submit(job, requestID: nil))
    }

    mutating func step() async throws {
        let agent = agents[agents.count - 1]
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<70: await agent.work(exitCode: Int.random(in: 0..<5, using: &random) == 0 ? 1 : 0)
        case 70..<80: await agent.connect(dispatcher)
        case 80..<86: await agent.disconnect()
        case 86..<93:
            await store.kill()
            await agent.disconnect()
            await dispatcher.stop()
            try await startDispatcher()
        case 93..<95:
            await agent.disconnect()
            agents.append(SimulatedAgent())
            await agents[agents.count - 1].connect(dispatcher)
        default:
            bench.clock.advance(3)
            await dispatcher.tick()
        }
    }

    mutating func finish() async throws {
        let agent = agents[agents.count - 1]
        await agent.connect(dispatcher)
        while try await !bench.store.unfinishedJobs().isEmpty {
            bench.clock.advance(3)
            await dispatcher.tick()
            await agent.work(exitCode: 0)
        }
        try await dispatcher.durable()
        await dispatcher.stop()
    }

    func check() async throws {
        var starts: [Attempt: Int] = [:]
        for agent in agents { starts.merge(await agent.starts, uniquingKeysWith: +) }
        #expect(starts.values.allSatisfy { $0 == 1 })
        let lines = await bench.logbook.entries.map(\.textPayload)
        #expect(Set(lines).count == lines.count)
        for job in jobs {
            let stored = try #require(try await bench.store.job(uid: job.uid))
            #expect(stored.state == .succeeded || stored.state == .failed)
            #expect(stored.counts.values.reduce(0, +) == 8)
            let tasks = try await bench.store.tasks(of: job.uid, from: 0, limit: 100)
            let states = Dictionary(grouping: tasks, by: \.state).mapValues(\.count)
            #expect(stored.count(of: .succeeded) == states[.succeeded] ?? 0)
            #expect(stored.count(of: .failed) == states[.failed] ?? 0)
            for task in tasks {
                #expect(task.attempt <= job.plan.retry.maxRetries)
                guard task.state == .succeeded else { continue }
                #expect(task.events.compactMap(\.exitCode).count == task.attempt + 1)
                #expect(lines.contains("\(job.uid)/\(task.index)/\(task.attempt)"))
            }
        }
    }
}

/// A random generator that repeats itself for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
