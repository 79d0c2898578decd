import Foundation
import Schema
import Testing
import Workload

@testable import Dispatcher

@Suite("Submitters take turns", .timeLimit(.minutes(10)))
struct FairnessTests {
    static let bob = "bob@example.com"

    /// A node of 8 cores with an agent, and the attempts that it has.
    private final class Scene {
        let bench: Bench
        let agent: FakeAgent
        var attempts: [Attempt] = []
        /// Submitters by job.
        var submitters: [String: String] = [:]

        init() async throws {
            bench = try await Bench()
            agent = FakeAgent(bench.dispatcher)
            await agent.connect()
        }

        func submit(
            _ id: String, tasks: Int = 1, of submitter: String = "alice@example.com",
            change: (inout Plan) -> Void = { _ in }
        ) async throws {
            let job = bench.job(id, tasks: tasks, of: submitter, change: change)
            submitters[job.uid] = submitter
            _ = try await bench.dispatcher.submit(job, requestID: nil)
        }

        /// Starts attempts as they come until there are `count`.
        func gather(_ count: Int) async {
            while attempts.count < count {
                let lease = await agent.lease()
                #expect(lease.submitter == submitters[lease.jobUid])
                for attempt in lease.attempts { await agent.start(attempt) }
                attempts += lease.attempts
            }
        }

        func end(_ place: Int) async {
            await agent.end(attempts.remove(at: place))
        }

        func count(of submitter: String) -> Int { attempts.count { submitters[$0.jobUid] == submitter } }
    }

    @Test(
        "Two with endless work have half of the node each at any time, whatever their tasks' lengths and priorities",
        arguments: [(0, 0, 1), (0, 0, 9), (99, 0, 4), (0, 99, 4)])
    func halves(alice: Int, bob: Int, slowness: Int) async throws {
        let scene = try await Scene()
        for number in 0..<40 { try await scene.submit("a\(number)", tasks: 3) { $0.priority = alice } }
        await scene.gather(4)
        try await scene.submit("b", tasks: 200, of: Self.bob) { $0.priority = bob }
        var random = SplitMix(state: 7)
        for step in 0..<100 {
            // Bob's tasks last longer.
            let place = Int.random(in: 0..<4, using: &random)
            let isBobs = scene.submitters[scene.attempts[place].jobUid] == Self.bob
            if isBobs, Int.random(in: 0..<slowness, using: &random) > 0 { continue }
            await scene.end(place)
            await scene.gather(4)
            if step >= 20 { #expect((1...3).contains(scene.count(of: Self.bob))) }
            if scene.count(of: Self.bob) != 2 {
                // Whoever has less is next.
                let fewer = scene.count(of: Self.bob) < 2
                let other = scene.attempts.firstIndex { (scene.submitters[$0.jobUid] == Self.bob) != fewer }
                await scene.end(try #require(other))
                await scene.gather(4)
                #expect(scene.count(of: Self.bob) == 2)
            }
        }
    }

    @Test("One job starts at the next end of a task, although another submitter has thousands that came before")
    func one() async throws {
        let scene = try await Scene()
        for number in 0..<2000 { try await scene.submit("a\(number)") { $0.priority = 9 } }
        await scene.gather(4)
        try await scene.submit("b", of: Self.bob)
        await scene.end(0)
        await scene.gather(4)
        #expect(scene.count(of: Self.bob) == 1)
    }

    @Test("Shares are of processors and memory, not of tasks: one has many small ones, the other few large ones")
    func sizes() async throws {
        let scene = try await Scene()
        try await scene.submit("first", of: "carol@example.com") { $0.resources.cpuMilli = 8000 }
        await scene.gather(1)
        try await scene.submit("a", tasks: 100) { $0.resources = Resources(cpuMilli: 500, memoryMiB: 100) }
        try await scene.submit("b", tasks: 100, of: Self.bob) {
            $0.resources = Resources(cpuMilli: 100, memoryMiB: 4000)
        }
        await scene.end(0)
        await scene.gather(16)
        // Three quarters of the memory, and about as much of the processors, until one of them runs out.
        #expect(scene.count(of: Self.bob) == 3)
        #expect((13...15).contains(scene.count(of: "alice@example.com")))
    }

    @Test("A task as large as the node gets it in the end, although small ones of others could go on for ever")
    func large() async throws {
        let scene = try await Scene()
        try await scene.submit("small", tasks: 100)
        await scene.gather(4)
        try await scene.submit("large", of: Self.bob) { $0.resources = Resources(cpuMilli: 8000, memoryMiB: 100) }
        await scene.end(0)
        await scene.gather(4)
        #expect(scene.count(of: Self.bob) == 0)
        scene.bench.clock.advance(61)
        for _ in 0..<4 { await scene.end(0) }
        await scene.gather(1)
        #expect(scene.count(of: Self.bob) == 1)
    }

    @Test("What waits for its submitter's own tasks does not keep others from starting")
    func ownWay() async throws {
        let scene = try await Scene()
        try await scene.submit("long")
        try await scene.submit("large") { $0.resources = Resources(cpuMilli: 8000, memoryMiB: 100) }
        await scene.gather(1)
        scene.bench.clock.advance(61)
        try await scene.submit("b", tasks: 9, of: Self.bob)
        await scene.gather(4)
        #expect(scene.count(of: Self.bob) == 3)
    }

    @Test("What one submitter has waiting at an agent does not keep another's task from being there")
    func ahead() async throws {
        let scene = try await Scene()
        try await scene.submit("fast", tasks: 5000)
        // A node that has been quick is given work ahead.
        while await scene.bench.dispatcher.status().first?.attempts ?? 0 < 30 {
            scene.bench.clock.advance(0.1)
            let attempts = await scene.agent.lease().attempts
            await scene.agent.report(attempts.map { ($0, .ended(.init())) })
        }
        try await scene.submit("b", tasks: 9, of: Self.bob)
        while await scene.agent.lease().submitter != Self.bob {}
    }

    @Test("A restart forgets nothing of what submitters hold")
    func restart() async throws {
        let scene = try await Scene()
        try await scene.submit("a", tasks: 3) { $0.parallelism = 3 }
        await scene.gather(3)
        try await scene.submit("b", of: Self.bob)
        await scene.gather(4)
        try await scene.submit("c", tasks: 9)
        try await scene.submit("d", tasks: 9, of: Self.bob)
        let dispatcher = try await scene.bench.restarted()
        let agent = FakeAgent(dispatcher, incarnation: scene.agent.incarnation)
        let applied = await agent.connect(attempts: scene.attempts, plans: Array(scene.submitters.keys))
        let ended = try #require(scene.attempts.first)
        await agent.send([(ended, .ended(.init()))], from: applied + 1)
        #expect(await agent.lease().submitter == Self.bob)
    }
}
