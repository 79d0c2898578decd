import Foundation
import TestSupport
import Testing

@testable import Sandbox

/// Groups of cgroup v2 alone cannot count from zero again.
private let servesAgain = (try? CgroupLayout.read().isLegacy) == true

@Suite("A sandbox after another of the same job", .serialized, .enabled(if: isCapable, needsRoot))
struct RenewalTests {
    private let account = SandboxSpec.User.account(
        name: "bob_example_com", uid: 60_002, gid: 60_002, home: "/home/bob_example_com", shell: "/bin/bash")

    private func run(
        _ script: String, in sandboxes: HostSandboxes, job: String? = "job", as user: SandboxSpec.User = alice,
        hostname: String = "task-0"
    ) async throws -> Outcome {
        var spec = SandboxSpec.small(user, memoryMiB: 256)
        spec.job = job
        spec.hostname = hostname
        let sandbox = try await sandboxes.open(spec)
        var outcome = try await sandbox.run(script, home: user == .root ? "/root" : "/home/alice_example_com")
        outcome.usage = await sandbox.close()
        return outcome
    }

    /// In new namespaces the first process that is started has number 2.
    private let firstNumber = "echo $$"

    @Test("has the same namespaces when nothing was left in them, and a name of its own", .enabled(if: servesAgain))
    func sameNamespaces() async throws {
        try await withSandboxes { sandboxes in
            let script =
                "\(firstNumber); hostname; cat /etc/hostname; grep -c $(hostname) /etc/hosts; ls -A /run/landfall"
            let first = try await run(script, in: sandboxes, hostname: "the-first-and-longer-name")
            let second = try await run(script, in: sandboxes, hostname: "second")
            #expect(first.lines.first == "2")
            #expect(second.lines.first != "2")
            #expect(first.lines.dropFirst() == ["the-first-and-longer-name", "the-first-and-longer-name", "1"])
            #expect(second.lines.dropFirst() == ["second", "second", "1"])
            #expect(second.errors.contains("/run/landfall"), "an account cannot list the scripts: \(second.errors)")
        }
    }

    @Test(
        "has new namespaces and finds nothing when something was left",
        arguments: [
            "touch $HOME/file", "mkdir /tmp/.hidden", "echo x > /var/tmp/x", "touch /dev/shm/x", "ln -s / /run/lock/x",
            "chmod 755 $HOME", "cp /proc/self/exe /tmp/program",
            "python3 -c 'import os; os.setxattr(os.environ[\"HOME\"], \"user.note\", b\"x\")'",
            // A directory that held many files stays large.
            "cd /tmp && seq 3000 | sed 's/.*/a-name-that-is-long-enough-&/' | xargs touch && find /tmp -mindepth 1 -delete",
            // An ended connection keeps its port for a minute.
            """
            python3 -c 'import socket as s
            a = s.create_server(("127.0.0.1", 0)); b = s.create_connection(a.getsockname()); a.accept()'
            """,
            // The kernel kills one process for want of memory.
            "python3 -c 'a = bytearray(400 << 20)'",
        ])
    func somethingLeft(script: String) async throws {
        let look = """
            ls -A $HOME /tmp /var/tmp /dev/shm /run/lock | grep -v : ; stat -c '%a %s' $HOME /tmp
            python3 -c 'import os; print(os.listxattr(os.environ["HOME"]))'
            """
        try await withSandboxes { sandboxes in
            let untouched = try await run(look, in: sandboxes, job: "another")
            let first = try await run("\(firstNumber); \(script)", in: sandboxes)
            let second = try await run("\(firstNumber); \(look)", in: sandboxes)
            #expect(first.lines.first == "2" && second.lines.first == "2")
            #expect(second.output.drop { $0 != "\n" }.dropFirst() == untouched.output)
        }
    }

    @Test("sees no process, message queue or shared memory of the one before")
    func processesAndObjects() async throws {
        try await withSandboxes { sandboxes in
            _ = try await run(
                """
                ipcmk -M 4096; ipcmk -Q; ipcmk -S 2
                setsid sh -c 'trap "" TERM HUP; sleep 1000' </dev/null >/dev/null 2>&1 &
                """, in: sandboxes)
            let second = try await run(
                "ipcs | grep -c '^0x'; ls -d /proc/[0-9]* | wc -l; pgrep -c sleep", in: sandboxes)
            // The first process, the shell and what counts.
            #expect(second.lines.first == "0" && second.lines.last == "0", "\(second.output)")
            #expect(second.lines.count == 3 && (2...5).contains(Int(second.lines[1]) ?? 0), "\(second.output)")
        }
    }

    @Test("is never one of another job or account, and never a root task's")
    func others() async throws {
        try await withSandboxes { sandboxes in
            for (job, user) in [("a", alice), ("b", alice), ("a", account), ("r", .root), ("r", .root)] {
                let outcome = try await run(firstNumber, in: sandboxes, job: job, as: user)
                #expect(outcome.output == "2\n")
            }
            for _ in 0..<2 {
                let outcome = try await run(firstNumber, in: sandboxes, job: nil)
                #expect(outcome.output == "2\n")
            }
        }
    }

    @Test("is charged with what it uses itself")
    func usage() async throws {
        try await withSandboxes { sandboxes in
            let first = try await run(
                "python3 -c 'a = bytearray(100 << 20); [i for i in range(3000000)]'", in: sandboxes)
            let second = try await run("true", in: sandboxes)
            #expect(first.usage.peakMemoryBytes > 100 << 20)
            #expect(second.usage.peakMemoryBytes < 50 << 20)
            #expect(second.usage.cpuMicroseconds * 3 < first.usage.cpuMicroseconds)
            #expect(second.usage.outOfMemoryKills == 0)
        }
    }

    /// Runs nothing in a sandbox of the job, and says which cell it was and which process its first one.
    private func runNothing(in sandboxes: HostSandboxes) async throws -> (cell: Cell, process: pid_t) {
        var spec = SandboxSpec.small()
        spec.job = "job"
        let sandbox = try #require(try await sandboxes.open(spec) as? HostSandbox)
        let process = sandbox.cell.cgroup.threads.first
        _ = await sandbox.close()
        return (sandbox.cell, try #require(process))
    }

    private func wait(until isTrue: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !isTrue(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(10)) }
        #expect(isTrue())
    }

    @Test("is a new one when the first process of the old one is gone", .enabled(if: servesAgain))
    func lostWhileIdle() async throws {
        try await withSandboxes { sandboxes in
            let (cell, process) = try await runNothing(in: sandboxes)
            #expect(kill(process, SIGKILL) == 0)
            try await wait { cell.isGone }
            let second = try await run(firstNumber, in: sandboxes)
            #expect(second.output == "2\n")
        }
    }

    @Test("does not wait for long: soon no process of a job is left")
    func expiry() async throws {
        try await withSandboxes { sandboxes in
            let (cell, process) = try await runNothing(in: sandboxes)
            try await wait { cell.isGone }
            #expect(kill(process, 0) == -1)
        }
    }
}
