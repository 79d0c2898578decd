import Dispatcher
import Foundation
import Testing
import Workload

@Suite("Who goes first", .timeLimit(.minutes(10)))
struct SharingTests {
    @Test("A job of higher priority gets its leases although others have filled the node")
    func priority() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        _ = try await bench.dispatcher.submit(bench.job("low", tasks: 9), requestID: nil)
        #expect(await agent.lease().count == 4)
        let high = try await bench.dispatcher.submit(bench.job("high", tasks: 9) { $0.priority = 5 }, requestID: nil)
        let lease = await agent.lease()
        #expect((lease.jobUid, lease.count, lease.priority) == (high.uid, 4, 5))
    }

    @Test("What waits on a busy node does not keep what is more urgent from going first")
    func overtaking() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let whole = Resources(cpuMilli: 8000, memoryMiB: 1000)
        var leases: [Attempt] = []
        for (name, priority) in [("running", 0), ("low", 1), ("high", 9)] {
            let job = bench.job(name) { ($0.priority, $0.resources) = (priority, whole) }
            _ = try await bench.dispatcher.submit(job, requestID: nil)
            leases += await agent.lease().attempts
            if name == "running" { await agent.start(leases[0]) }
        }
        let middle = bench.job("middle", tasks: 3) { ($0.priority, $0.resources) = (5, whole) }
        _ = try await bench.dispatcher.submit(middle, requestID: nil)
        await agent.end(leases[0])
        await agent.start(leases[2])
        // One, for there is one that it has to overtake.
        let lease = await agent.lease()
        #expect((lease.jobUid, lease.count) == (middle.uid, 1))
        #expect(await agent.leases.isEmpty)
    }

    @Test("Within a priority the older job comes first, and one that may not use the room lets the next one in")
    func order() async throws {
        let bench = try await Bench()
        let first = try await bench.dispatcher.submit(bench.job("b", tasks: 9) { $0.parallelism = 3 }, requestID: nil)
        bench.clock.advance(1)
        let second = try await bench.dispatcher.submit(bench.job("a", tasks: 9), requestID: nil)
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        let leases = [await agent.lease(), await agent.lease()]
        #expect(leases.map(\.jobUid) == [first.uid, second.uid])
        #expect(leases.map(\.count) == [3, 1])
    }

    @Test("Memory is counted as well as processors")
    func memory() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        _ = try await bench.dispatcher.submit(
            bench.job(tasks: 9) { $0.resources = Resources(cpuMilli: 100, memoryMiB: 8000) }, requestID: nil)
        #expect(await agent.lease().count == 2)
    }

    @Test("Tasks go to every node that has room")
    func nodes() async throws {
        let bench = try await Bench()
        let agents = [FakeAgent(bench.dispatcher, node: "a"), FakeAgent(bench.dispatcher, node: "b")]
        for agent in agents { await agent.connect() }
        _ = try await bench.dispatcher.submit(bench.job(tasks: 9), requestID: nil)
        #expect(await agents[0].lease().count == 4)
        #expect(await agents[1].lease().count == 4)
        #expect(await bench.dispatcher.status().map(\.attempts) == [4, 4])
    }
}
