import Foundation
import Sandbox
import Schema
import Testing
import Workload

@testable import Agent

@Suite("The agent's leases", .timeLimit(.minutes(10)))
struct AgentLeaseTests {
    @Test("ignores leases that it knows, until their ends are acknowledged")
    func duplicates() async throws {
        let sandboxes = FakeSandboxes { $0.exit() }
        let agent = try Agent.forTests(sandboxes)
        try await agent.lease("job", 0..<2, plan: .scripts("a"))
        try await agent.lease("job", 0..<2)
        try await agent.lease("job", 1..<4)
        let items = await agent.outbox.items(ended: 4)
        #expect(items.filter(\.isEnd).map(\.attempt.index).sorted() == [0, 1, 2, 3])
        #expect(Set(await agent.hello().attempts.map(\.index)) == [0, 1, 2, 3])
        await agent.receive(.with { $0.ack = .with { $0.applied = items.last?.sequence ?? 0 } })
        #expect(await agent.hello().attempts.isEmpty)
        #expect(await agent.hello().plans == ["job"])
        await agent.receive(.with { $0.forget = .with { $0.jobUid = "job" } })
        #expect(await agent.hello().plans.isEmpty)
        #expect(sandboxes.opened.count == 4)
    }

    @Test("starts what fits, highest priority first")
    func packing() async throws {
        let sandboxes = FakeSandboxes()
        let agent = try Agent.forTests(sandboxes, cores: 2)
        var processes = sandboxes.processes.makeAsyncIterator()
        try await agent.lease("low", 0..<3, plan: .scripts("l"))
        let first = try #require(await processes.next())
        let second = try #require(await processes.next())
        #expect(Set([first.label, second.label]) == ["low.0.0:l", "low.1.0:l"])
        try await agent.lease("high", 0..<1, plan: .scripts("h"), priority: 5)
        #expect(sandboxes.opened.count == 2)
        first.exit()
        let third = try #require(await processes.next())
        #expect(third.label == "high.0.0:h")
        second.exit()
        #expect(await processes.next()?.label == "low.2.0:l")
    }

    @Test(
        "ends attempts whose lease makes no sense",
        arguments: [
            (0..<1, nil), (0..<1, Plan.scripts("a", resources: Resources(cpuMilli: 1, memoryMiB: 1001))),
            (0..<1, Plan.scripts("a", taskCount: 0)), (3..<4, Plan.scripts("a", taskCount: 3)),
        ] as [(Range<UInt32>, Plan?)])
    func senseless(_ indices: Range<UInt32>, _ plan: Plan?) async throws {
        let agent = try Agent.forTests(FakeSandboxes { $0.exit() })
        try await agent.lease("job", indices, plan: plan)
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.ended.exitCode) == [50000])
        #expect(items.first?.ended.detail.isEmpty == false)
    }

    @Test("gives back what it cannot hold")
    func tooMuch() async throws {
        let agent = try Agent.forTests(FakeSandboxes { _ in }, cores: 1)
        try await agent.lease("job", 0..<50_000, plan: .scripts("a", taskCount: 60_000))
        try await agent.lease("job", 50_000..<50_003)
        let items = await agent.outbox.items(ended: 3)
        #expect(items.filter(\.isEnd).map(\.summary) == ["back 50000", "back 50001", "back 50002"])
        #expect(await agent.hello().attempts.count == 50_000)
    }

    @Test("leaves once nothing runs and all is acknowledged, and takes nothing new meanwhile")
    func leave() async throws {
        let sandboxes = FakeSandboxes()
        let agent = try Agent.forTests(sandboxes, cores: 1)
        var processes = sandboxes.processes.makeAsyncIterator()
        let run = Task { _ = await agent.run() }
        try await agent.lease("job", 0..<2, plan: .scripts("a"))
        let process = try #require(await processes.next())
        await agent.receive(.with { $0.leave = .init() })
        try await agent.lease("job", 2..<3)
        process.exit()
        let items = await agent.outbox.items(ended: 3)
        #expect(items.map(\.summary) == ["start 0", "back 1", "back 2", "end 0 0"])
        await agent.receive(.with { $0.ack = .with { $0.applied = 4 } })
        await run.value
    }

    @Test(
        "stays when a server is back before it has left, also when it was to end its tasks", arguments: [false, true])
    func stays(stopTasks: Bool) async throws {
        let sandboxes = FakeSandboxes()
        let agent = try Agent.forTests(sandboxes, cores: 1)
        var processes = sandboxes.processes.makeAsyncIterator()
        try await agent.lease("job", 0..<1, plan: .scripts("a"))
        let first = try #require(await processes.next())
        await agent.receive(.with { $0.leave.stopTasks = stopTasks })
        // The server goes before it has acknowledged what became of the task.
        first.exit()
        _ = await agent.outbox.items(ended: 1)
        await agent.receive(.with { $0.welcome.applied = 2 })
        try await agent.lease("job", 1..<2)
        try #require(await processes.next()).exit()
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.summary) == ["start 1", "end 1 0"])
    }

    @Test("starts anew when the server has given up its attempts")
    func startsAnew() async throws {
        let agent = try Agent.forTests(FakeSandboxes())
        let run = Task { await agent.run() }
        await agent.receive(
            .with {
                $0.leave.stopTasks = true
                $0.leave.startAnew = true
            })
        #expect(await run.value == .startsAnew)
    }

    @Test("told to end by a signal, ends its tasks and does not wait for ever for the server")
    func farewell() async throws {
        let agent = try Agent.forTests(FakeSandboxes { _ in })
        let run = Task { _ = await agent.run() }
        try await agent.lease("job", 0..<1, plan: .scripts("a"))
        _ = await agent.outbox.items { $0.count == 1 }
        await agent.leave(stopTasks: true, farewell: .milliseconds(10))
        await run.value
        #expect(agent.outbox.batch(after: 0, size: .max).last?.summary == "end 0 143")
    }
}
