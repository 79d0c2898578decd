import Foundation
import TestSupport
import Testing

@Suite("A task that takes all it can get", .needsRoot, .serialized)
struct TaskExhaustionTests {
    /// Where memory can be taken, and whether that ends in a process's death.
    private static let memory: [(how: String, isDeadly: Bool)] = [
        ("locked", true), ("shared_memory", true), ("unnamed_file", true), ("system_v", true), ("pipes", true),
        ("sockets", false),
    ]

    @Test("gets no more memory than its limit, wherever it looks for it", arguments: TaskOwner.allCases)
    func memory(owner: TaskOwner) async throws {
        try await LandfallServer.with { server in
            for (how, _) in Self.memory {
                let step = try TestJob.attack("memory.py", environment: ["HOW": how])
                let name = how.replacing("_", with: "-")
                try await server.submit(
                    name,
                    TestJob(
                        runnables: [step], task: [TestJob.resources(cpuMilli: 300, memoryMiB: 64)], group: owner.group)
                )
            }
            for (how, isDeadly) in Self.memory {
                let name = how.replacing("_", with: "-")
                let status = try await server.ended(name)
                let log = try await server.log(name)
                #expect(!log.contains("DONE"), "\(how): \(log)")
                if isDeadly {
                    let task = try await server.status(name, task: 0)
                    #expect(task.exitCodes == [137], "\(how): \(task.text)")
                    #expect(task.text.contains("Out of memory: a process was killed at the task's limit of 64 MiB"))
                } else {
                    #expect(status.state == "SUCCEEDED" && log.last == "END", "\(how): \(log)")
                }
            }
            try await server.waitForLeftovers()
        }
    }

    @Test("gets so many processes and no more; others go on, and none is left", arguments: TaskOwner.allCases)
    func processes(owner: TaskOwner) async throws {
        try await LandfallServer.with { server in
            let mark = server.sleep(8)
            let count = """
                #!/usr/bin/python3
                import os, threading, time
                threading.stack_size(65536)
                count = 0
                try:
                    while count < 100000:
                        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
                        count += 1
                except RuntimeError:
                    pass
                print(count, flush=True)
                time.sleep(600)
                """
            // The shell itself needs no further process once the bomb is lit.
            let bomb = """
                #!/bin/bash
                f() { f | f & f | f & }
                echo on
                (\(mark)) & (sleep 0.2; f 2>/dev/null) & exec \(mark)
                """
            let large = [TestJob.resources(cpuMilli: 300, memoryMiB: 512)]
            try await server.submit("counts", TestJob(count, task: large, group: owner.group))
            try await server.submit("bomb", TestJob(bomb, task: large, group: owner.group))
            let reached = try #require(Int(try await server.printed("counts", lines: 1)[0]))
            #expect((100...4096).contains(reached))
            try await server.printed("bomb", lines: 1)
            // Other tasks, of the same user and of root, are run meanwhile, and the server answers.
            for other in TaskOwner.allCases {
                let (status, log) = try await server.outcome(
                    "beside-\(other)", TestJob("echo fine", group: other.group))
                #expect(status.state == "SUCCEEDED" && log == ["fine"])
            }
            for name in ["counts", "bomb"] {
                #expect(try await server.batch("POST", "jobs/\(name):cancel", body: "{}").status == 200)
                #expect(try await server.ended(name).state == "CANCELLED")
            }
            #expect(HostProcesses.ids(with: mark) == [])
            try await server.waitForLeftovers()
        }
    }

    @Test("is ended although it ignores that, and its daemons with it", arguments: TaskOwner.allCases)
    func stubborn(owner: TaskOwner) async throws {
        try await LandfallServer.with { server in
            let mark = server.sleep(9)
            let daemons = """
                trap '' TERM HUP INT QUIT USR1
                (setsid sh -c 'trap "" TERM HUP; (setsid \(mark) &) ; \(mark)' >/dev/null 2>&1 &)
                """
            let step = TestJob.script(daemons + "\nwhile :; do sleep 0.1; done", #""timeout":"0.5s""#)
            try await server.submit("stubborn", TestJob(runnables: [step], group: owner.group))
            // Nobody waits for those that a task leaves behind.
            let leaves = try await server.outcome("leaves", TestJob(daemons + "\nexit 0", group: owner.group))
            #expect(leaves.status.state == "SUCCEEDED")
            #expect(try await server.ended("stubborn").state == "FAILED")
            #expect(try await server.status("stubborn", task: 0).exitCodes == [50005])
            #expect(HostProcesses.ids(with: mark) == [])
        }
    }

    @Test("holds nobody up by what it does to its output", arguments: TaskOwner.allCases)
    func output(owner: TaskOwner) async throws {
        try await LandfallServer.with { server in
            // A socket that is on its way through itself, with the output: nothing but the kernel's own search finds it.
            let hide = """
                #!/usr/bin/python3
                import array, os, socket
                print("hidden", flush=True)
                one, two = socket.socketpair()
                files = array.array("i", [one.fileno(), two.fileno(), 1, 2])
                one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
                """
            let jobs = [
                ("closes", "exec >&- 2>&-; sleep 0.2; exit 3", "FAILED", [String]()),
                ("hides", hide, "SUCCEEDED", ["hidden"]),
                ("eats", "(timeout 1 cat /proc/self/fd/1 >/dev/null) & sleep 0.2; echo gone; wait; echo end", "", []),
                ("endless", "head -c 4M /dev/zero; head -c 4M /dev/zero >&2", "SUCCEEDED", []),
                ("floods", "yes | head -n 40000 & yes '' | head -n 20000 >&2; wait", "SUCCEEDED", []),
                ("holds", "(setsid sh -c 'trap \"\" HUP TERM; sleep 600' &) ; echo held", "SUCCEEDED", ["held"]),
            ]
            for (name, script, _, _) in jobs {
                let step = TestJob.script(script, #""timeout":"60s""#)
                try await server.submit(name, TestJob(runnables: [step], group: owner.group))
            }
            for (name, _, state, log) in jobs {
                let ended = try await server.ended(name)
                #expect(state.isEmpty || ended.state == state, "\(name): \(ended.text)")
                if !log.isEmpty { #expect(try await server.log(name) == log) }
            }
            #expect(try await server.status("closes", task: 0).exitCodes == [3])
        }
    }
}
