import Glibc
import Sandbox
import Testing

@Suite("A process in a sandbox", .serialized, .enabled(if: isCapable, needsRoot))
struct ProcessTests {
    @Test(
        "ends with its code",
        arguments: [
            ("exit 0", ProcessEnd.exited(0)), ("exit 3", .exited(3)), ("#!/bin/sh\nexit 7\n", .exited(7)),
            ("#!/usr/bin/env python3\nimport sys\nsys.exit(9)", .exited(9)), ("kill -TERM $$", .signalled(SIGTERM)),
            ("#!/no/such/interpreter\n", .exited(127)), ("no-such-program", .exited(127)),
            ("/etc/passwd", .exited(126)),
        ])
    func codes(script: String, end: ProcessEnd) async throws {
        let outcome = try await withSandboxes { try await $0.once(script) }
        #expect(outcome.end == end)
    }

    @Test(
        "runs a file by its path, and says when there is none",
        arguments: [("/bin/true", 0), ("/none", 127), ("/etc", 126)])
    func files(path: String, code: Int32) async throws {
        try await withSandboxes { sandboxes in
            let sandbox = try await sandboxes.open(.small())
            let outcome = try await sandbox.run(.file(path: path))
            #expect(outcome.end == .exited(code))
            #expect(outcome.errors.isEmpty == (code == 0))
        }
    }

    @Test(
        "runs a file that is not executable by the interpreter that its first line names",
        arguments: [
            ("#!/bin/sh\necho $0", "/tmp/x\n", 0), ("#! /bin/sh -e \nfalse\necho never", "", 1),
            ("#!/usr/bin/env python3\nprint(5)", "5\n", 0), ("echo never", "", 126), ("#!/none", "", 127),
            ("#! ", "", 126), ("#!", "", 126), ("", "", 126),
            ("#!/bin/sh \(String(repeating: "-", count: 300))", "", 126),
        ])
    func interpreted(content: String, output: String, code: Int32) async throws {
        try await withSandboxes { sandboxes in
            let sandbox = try await sandboxes.open(.small())
            #expect(try await sandbox.run("cat > /tmp/x << 'EOF'\n\(content)\nEOF").end == .exited(0))
            let outcome = try await sandbox.run(.file(path: "/tmp/x"))
            #expect(outcome.end == .exited(code))
            #expect(outcome.output == output)
        }
    }

    @Test("has its output on two pipes and no input")
    func streams() async throws {
        let outcome = try await withSandboxes {
            try await $0.once("echo out; echo err >&2; wc -c; ls /proc/self/fd | wc -l")
        }
        #expect(outcome.output == "out\n0\n4\n")
        #expect(outcome.errors == "err\n")
    }

    @Test("shares the sandbox's files with later ones, and is signalled with its group")
    func severalProcesses() async throws {
        try await withSandboxes { sandboxes in
            let sandbox = try await sandboxes.open(.small())
            #expect(try await sandbox.run("echo kept > /tmp/file").end == .exited(0))
            #expect(try await sandbox.run("cat /tmp/file").output == "kept\n")
            let sleeping = try await sandbox.start(
                ProcessSpec(program: .script(text: "sleep 1000 & wait"), environment: ["PATH": "/bin"]))
            await sleeping.signal(SIGTERM)
            #expect(await sleeping.end() == .signalled(SIGTERM))
            // The pipe ends only when the child in the background is gone too.
            #expect(try await text(of: sleeping.output) == "")
        }
    }

    @Test("takes its daemons along when the sandbox is closed")
    func daemons() async throws {
        try await withSandboxes { sandboxes in
            let sandbox = try await sandboxes.open(.small())
            let process = try await sandbox.start(
                ProcessSpec(
                    program: .script(
                        text: "trap '' TERM HUP; (setsid sh -c 'trap \\\"\\\" TERM HUP; sleep 1000' &) ; exit 0"),
                    environment: ["PATH": "/bin:/usr/bin"]))
            #expect(await process.end() == .exited(0))
            _ = await sandbox.close()
            #expect(try await text(of: process.output) == "")
        }
    }

    @Test("that is killed by the sandbox's closing ends by SIGKILL")
    func closing() async throws {
        try await withSandboxes { sandboxes in
            let sandbox = try await sandboxes.open(.small())
            let process = try await sandbox.start(
                ProcessSpec(program: .script(text: "sleep 1000"), environment: ["PATH": "/bin"]))
            _ = await sandbox.close()
            #expect(await process.end() == .signalled(SIGKILL))
            await #expect(throws: SandboxError.self) { _ = try await sandbox.run("true") }
        }
    }

    @Test("gets an environment and a script larger than a socket's message")
    func largeScript() async throws {
        let padding = String(repeating: "# padding\n", count: 60_000)
        let outcome = try await withSandboxes { try await $0.once(padding + "echo end") }
        #expect(outcome.output == "end\n")
    }
}
