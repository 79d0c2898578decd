import Foundation
import Sandbox
import Schema
import Testing
import Workload

@testable import Agent

@Suite("The agent", .timeLimit(.minutes(10)))
struct AgentTests {
    @Test("runs the steps of a task and reports its lines before its end")
    func steps() async throws {
        let sandboxes = FakeSandboxes { process in
            process.print("\(process.text) \(process.spec.environment["BATCH_TASK_INDEX"] ?? "-")\nrest")
            process.exit()
        }
        let agent = try Agent.forTests(sandboxes)
        var plan = Plan.scripts("a", "b")
        plan.taskVariables = ["BATCH_TASK_INDEX": .index]
        try await agent.lease("job", 7..<8, plan: plan)
        let items = await agent.outbox.items(ended: 1)
        #expect(items.first?.summary == "start 7")
        #expect(items.last?.summary == "end 7 0")
        let lines = items.dropFirst().dropLast().flatMap(\.lines.lines).map { String(decoding: $0.text, as: UTF8.self) }
        #expect(Set(lines) == ["a 7", "b 7", "rest"])
        #expect(lines.count == 4)
        #expect(sandboxes.opened.map(\.id) == ["job.7.0"])
        #expect(sandboxes.opened.map(\.hostname) == ["job-group0-7"])
    }

    @Test("tells when a step that has a name starts and ends")
    func namedSteps() async throws {
        let agent = try Agent.forTests(FakeSandboxes { $0.exit(3) })
        var plan = Plan.scripts("a", "b")
        plan.steps[0].ignoresExitStatus = true
        plan.steps[1].name = "sort"
        try await agent.lease("job", 0..<1, plan: plan)
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.summary) == ["start 0", "step 1 started", "step 1 ended 3", "end 0 3"])
    }

    @Test("writes what a task prints to the files of a volume, and sends none of it")
    func logFiles() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "landfall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let agent = try Agent.forTests(
            FakeSandboxes { process in
                process.print("hello\nworld")
                process.exit()
            }, hostDirectories: HostDirectories(open: [folder]))
        var plan = Plan.scripts("a")
        plan.volumes = [Volume(name: "v", source: .hostDirectory(path: folder), path: "/mnt/v")]
        plan.logs = .files(
            LogFiles(
                volume: "v", directory: "", name: "u-group0-{index}",
                label: "task/u-group0-{index}/{attempt}/0,runnable_index:{step}"))
        try await agent.lease("job", 3..<4, plan: plan)
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.summary) == ["start 3", "end 3 0"])
        for name in ["output", "stdout"] {
            let text = try String(contentsOfFile: "\(folder)/\(name)-u-group0-3.log", encoding: .utf8)
            let lines = text.split(separator: "\n")
            #expect(lines.count == 2)
            let form = /\[batch_task_logs\]\S+ INFO: \[task_id:task\/u-group0-3\/0\/0,runnable_index:0\] (hello|world)/
            #expect(lines.allSatisfy { $0.wholeMatch(of: form) != nil }, "\(text)")
        }
        #expect(try String(contentsOfFile: "\(folder)/stderr-u-group0-3.log", encoding: .utf8).isEmpty)
    }

    @Test("waits at a barrier until the server opens it, and can be stopped there", arguments: [true, false])
    func barrier(opens: Bool) async throws {
        let agent = try Agent.forTests(FakeSandboxes { $0.exit() })
        var plan = Plan.scripts("a", "b", "c")
        plan.steps[1] = Step(executable: .barrier)
        try await agent.lease("job", 0..<1, plan: plan)
        let reached = await agent.outbox.items(until: { $0.contains { $0.summary == "waits 1" } })
        #expect(reached.map(\.summary) == ["start 0", "waits 1"])
        if opens {
            await agent.receive(
                .with {
                    $0.open.jobUid = "job"
                    $0.open.step = 1
                })
        } else {
            await agent.receive(.with { $0.stop.jobUid = "job" })
        }
        let items = await agent.outbox.items(ended: 1)
        #expect(items.last?.summary == (opens ? "end 0 0" : "end 0 143"))
    }

    @Test(
        "reports the use of resources, and an out-of-memory kill only with a failure", arguments: [0, 137] as [Int32])
    func usage(code: Int32) async throws {
        let sandboxes = FakeSandboxes(
            usage: SandboxUsage(cpuMicroseconds: 5, peakMemoryBytes: 6, outOfMemoryKills: 1)
        ) { $0.exit(code) }
        let agent = try Agent.forTests(sandboxes)
        try await agent.lease("job", 0..<1, plan: .scripts("a"))
        let ended = await agent.outbox.items(ended: 1).last?.ended
        #expect(ended?.cpuMicros == 5)
        #expect(ended?.peakMemoryBytes == 6)
        #expect(ended?.outOfMemory == (code != 0))
        #expect(ended?.detail.isEmpty == true)
    }

    @Test("reports 50000 and the reason when a sandbox cannot be opened")
    func refusal() async throws {
        let agent = try Agent.forTests(FakeSandboxes(refusal: "no user namespaces"))
        try await agent.lease("job", 0..<1, plan: .scripts("a"))
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.summary) == ["end 0 50000"])
        #expect(items.first?.ended.detail == "no user namespaces")
    }

    @Test("waits for room on the machine, and then runs the task")
    func room() async throws {
        let agent = try Agent.forTests(FakeSandboxes(crowded: 3) { $0.exit() })
        try await agent.lease("job", 0..<1, plan: .scripts("a"))
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.summary) == ["start 0", "end 0 0"])
    }

    @Test("waits no longer for room when the job is stopped")
    func stoppedWithoutRoom() async throws {
        let agent = try Agent.forTests(FakeSandboxes(crowded: .max))
        try await agent.lease("job", 0..<1, plan: .scripts("a"))
        await agent.receive(
            .with {
                $0.stop = .with {
                    $0.jobUid = "job"
                    $0.graceSeconds = 1
                }
            })
        let items = await agent.outbox.items(ended: 1)
        #expect(items.count == 1)
    }

    @Test("is not held up by a daemon that keeps the pipes, and drops nothing that it printed")
    func daemon() async throws {
        let sandboxes = FakeSandboxes { process in
            process.print("from the daemon\n")
            process.finish(.exited(0))
        }
        let agent = try Agent.forTests(sandboxes)
        try await agent.lease("job", 0..<1, plan: .scripts("a"))
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.summary) == ["start 0", "out 0 from the daemon", "end 0 0"])
    }

    @Test("ends a step at its limit, by force if it must")
    func timeout() async throws {
        let sandboxes = FakeSandboxes { $0.ignoreTerminate() }
        let agent = try Agent.forTests(sandboxes)
        var plan = Plan.scripts("a")
        plan.steps[0].timeout = .milliseconds(20)
        try await agent.lease("job", 0..<1, plan: plan)
        #expect(await agent.outbox.items(ended: 1).last?.summary == "end 0 50005")
    }

    @Test("gives back what waits and ends what runs when a job is stopped")
    func stop() async throws {
        let sandboxes = FakeSandboxes()
        let agent = try Agent.forTests(sandboxes, cores: 1)
        var processes = sandboxes.processes.makeAsyncIterator()
        try await agent.lease("job", 0..<3, plan: .scripts("a"))
        let process = try #require(await processes.next())
        process.ignoreTerminate()
        await agent.receive(.with { $0.stop = .with { $0.jobUid = "job" } })
        let items = await agent.outbox.items(ended: 3)
        #expect(items.map(\.summary) == ["start 0", "back 1", "back 2", "end 0 137"])
        #expect(process.signals == [SIGTERM, SIGKILL])
    }

    @Test("reads on but sends nothing more of a muted job")
    func mute() async throws {
        let sandboxes = FakeSandboxes()
        let agent = try Agent.forTests(sandboxes)
        var processes = sandboxes.processes.makeAsyncIterator()
        try await agent.lease("job", 0..<1, plan: .scripts("a"))
        let process = try #require(await processes.next())
        process.print("heard\n")
        _ = await agent.outbox.items { $0.count == 2 }
        await agent.receive(.with { $0.mute = .with { $0.jobUid = "job" } })
        process.print("unheard\n")
        process.exit()
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.summary) == ["start 0", "out 0 heard", "end 0 0"])
    }

    @Test("throws away what a job prints that keeps no logs")
    func discard() async throws {
        let agent = try Agent.forTests(
            FakeSandboxes {
                $0.print("x\n"); $0.printError("y\n"); $0.exit()
            })
        var plan = Plan.scripts("a")
        plan.logs = .discard
        try await agent.lease("job", 0..<1, plan: plan)
        #expect(await agent.outbox.items(ended: 1).map(\.summary) == ["start 0", "end 0 0"])
    }

    @Test("runs thousands of short tasks")
    func many() async throws {
        let agent = try Agent.forTests(
            FakeSandboxes {
                $0.print("hello\n"); $0.exit()
            })
        try await agent.lease("job", 0..<3000, plan: .scripts("a", taskCount: 3000))
        let items = await agent.outbox.items(ended: 3000)
        #expect(items.count == 9000)
    }
}
