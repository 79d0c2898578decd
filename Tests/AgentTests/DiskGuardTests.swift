import Sandbox
import Testing
import Workload

@testable import Agent

@Suite("The guard of the disk", .timeLimit(.minutes(10)))
struct DiskGuardTests {
    private static let mebibyte: UInt64 = 1 << 20

    private static func room(free: UInt64, filesFree: UInt64 = 900, files: UInt64 = 1000) -> DiskRoom {
        DiskRoom(
            bytes: .init(total: 100_000 * mebibyte, free: free * mebibyte),
            files: .init(total: files, free: filesFree))
    }

    private static func use(_ bytes: UInt64, files: UInt64 = 1, isComplete: Bool = true) -> DiskUse {
        DiskUse(bytes: bytes * mebibyte, files: files, isComplete: isComplete)
    }

    @Test(
        "has a reserve of a twentieth of the disk, 1 GiB at most, in bytes and in files",
        arguments: [
            (room(free: 50_000), .ample), (room(free: 8 * 1024), .ample), (room(free: 8 * 1024 - 1), .tight),
            (room(free: 1024), .tight), (room(free: 1023), .short(of: .bytes)), (room(free: 0), .short(of: .bytes)),
            (room(free: 50_000, filesFree: 399), .tight), (room(free: 50_000, filesFree: 49), .short(of: .files)),
            // A file system that makes files as it goes.
            (room(free: 50_000, filesFree: 0, files: 0), .ample),
        ] as [(DiskRoom, DiskReserve.State)])
    func reserve(room: DiskRoom, state: DiskReserve.State) {
        #expect(DiskReserve(room: room).state == state)
    }

    @Test("chooses whoever takes the most of what is short, and nobody who takes next to nothing")
    func heaviest() {
        let reserve = DiskReserve(room: Self.room(free: 0))
        let uses = ["a": Self.use(300, files: 2), "b": Self.use(400), "c": Self.use(255, files: 90)]
        #expect(reserve.heaviest(uses, of: .bytes) == "b")
        #expect(reserve.heaviest(uses, of: .files) == "c")
        #expect(reserve.heaviest(["c": Self.use(255)], of: .bytes) == nil)
        #expect(reserve.heaviest([:], of: .bytes) == nil)
        #expect(reserve.heaviest(["c": Self.use(255), "d": Self.use(3, isComplete: false)], of: .bytes) == "d")
        let empty = DiskReserve(room: DiskRoom(bytes: .init(total: 0, free: 0), files: .init(total: 0, free: 0)))
        #expect(empty.state == .ample && empty.heaviest(["a": Self.use(0)], of: .bytes) == nil)
    }

    @Test("ends one task after the other while the disk is short, with the reason, and lets the small ones be")
    func eviction() async throws {
        let sandboxes = FakeSandboxes()
        let agent = try Agent.forTests(sandboxes)
        var plan = Plan.scripts("a", "b")
        plan.steps[1].alwaysRuns = true
        try await agent.lease("job", 0..<3, plan: plan)
        var started: [FakeProcess] = []
        for await process in sandboxes.processes {
            started.append(process)
            if started.count == 3 { break }
        }
        let uses = ["job.0.0": Self.use(2000), "job.1.0": Self.use(20_000), "job.2.0": Self.use(1)]
        sandboxes.setDisk(Self.room(free: 100), uses)
        let running = Task { await agent.run() }
        _ = await agent.outbox.items(ended: 1)
        sandboxes.setDisk(Self.room(free: 100), uses.filter { $0.key != "job.1.0" })
        let items = await agent.outbox.items(ended: 2)
        sandboxes.setDisk(Self.room(free: 50_000), [:])
        let ends = items.filter(\.isEnd)
        #expect(ends.map(\.summary) == ["end 1 137", "end 0 137"])
        let why = "The machine's disk was almost full, and this task took the most of it: 20000 MiB."
        #expect(ends.first?.ended.detail == why)
        // Neither was asked, and what always runs did not.
        #expect(started.filter { !$0.signals.isEmpty }.map(\.signals) == [[9], [9]])
        await agent.leave(stopTasks: true, farewell: .zero)
        _ = await running.value
        #expect(sandboxes.opened.count == 3)
    }
}
