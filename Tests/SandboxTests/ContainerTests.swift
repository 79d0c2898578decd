import Foundation
import Sandbox
import SystemPackage
import Testing

@Suite("A container", .serialized, .enabled(if: runsContainers, needsContainers))
struct ContainerTests {
    @Test("runs its image's program with its own files, host name and processes")
    func basics() async throws {
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(
                .shell("id -u; pwd; hostname; echo $HOME; ls /; echo $PPID; cat /etc/hostname", images))
        }
        #expect(outcome.end == .exited(0), "\(outcome.errors)")
        #expect(outcome.lines.prefix(4) == ["0", "/", "task-0", "/root"])
        #expect(outcome.lines.dropFirst(4).prefix(6) == ["bin", "dev", "etc", "proc", "sys", "tmp"])
        #expect(outcome.lines.suffix(2) == ["1", "task-0"])
    }

    @Test("starts although the launcher's program was taken away meanwhile, as an upgrade does that replaces it")
    func upgrade() async throws {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let copy = "/var/tmp/landfall-launcher-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(
            atPath: URL(fileURLWithPath: tests).deletingLastPathComponent().path + "/landfall-launcher", toPath: copy)
        let images = try TestImages()
        defer { images.remove() }
        let outcome = try await withSandboxes(images: images.directory, launcher: copy) { sandboxes in
            try FileManager.default.removeItem(atPath: copy)
            return try await sandboxes.once(.shell("echo here", images))
        }
        #expect(outcome.output == "here\n", "\(outcome.errors)")
    }

    @Test("sees its layers as one tree, the higher over the lower, without what they white out")
    func layers() async throws {
        let outcome = try await withContainers { sandboxes, images in
            try images.write("lower", to: "busybox/etc/both")
            try images.write("hidden", to: "busybox/etc/gone")
            try images.makeLayer("upper", directories: ["etc"])
            try images.write("upper", to: "upper/etc/both")
            #expect(mknod("\(images.directory)/upper/etc/gone", S_IFCHR, 0) == 0)
            return try await sandboxes.once(
                .shell(
                    "cat /etc/both; ls /etc/gone 2>/dev/null || echo gone", images,
                    layers: ["\(images.directory)/upper"]))
        }
        #expect(outcome.output == "uppergone\n", "\(outcome.errors)")
    }

    @Test("writes to its root without changing the image", arguments: [true, false])
    func writing(toMemory: Bool) async throws {
        try await withContainers { sandboxes, images in
            let script = "echo x > /etc/new && rm /etc/passwd && mkdir /opt && chown 33:33 /opt && stat -c %u /opt"
            let outcome = try await sandboxes.once(.shell(script, images, writesToMemory: toMemory))
            #expect(outcome.output == "33\n", "\(outcome.errors)")
            #expect(FileManager.default.fileExists(atPath: "\(images.busybox)/etc/passwd"))
            #expect(!FileManager.default.fileExists(atPath: "\(images.busybox)/etc/new"))
        }
    }

    @Test(
        "runs as the image's user, by name or number, and as root if there is no such user",
        arguments: [
            ("", "0 0 0 /root"), ("app", "1000 1001 1001 50 /home/app"), ("1000", "1000 1001 1001 50 /home/app"),
            ("app:staff", "1000 50 50 /home/app"), ("1000:7", "1000 7 7 /home/app"), ("4711", "4711 0 0 /"),
            ("4711:12", "4711 12 12 /"), ("ghost", "0 0 0 /root"), ("ghost:staff", "0 0 0 /root"),
        ])
    func users(user: String, expected: String) async throws {
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(.shell("echo $(id -u) $(id -g) $(id -G) $HOME", images, user: user))
        }
        #expect(outcome.output == expected + "\n", "\(outcome.errors)")
    }

    @Test("of an account runs with the account's ids, whatever the image says")
    func account() async throws {
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(
                .shell(
                    "id -u; id -g; touch /tmp/x && stat -c %u /tmp/x; touch /etc/x || echo refused", images, user: "app"
                ),
                in: .containers(alice))
        }
        #expect(outcome.lines == ["60001", "60001", "60001", "refused"], "\(outcome.errors)")
    }

    @Test("has the directory that it is to begin in, made if need be")
    func directory() async throws {
        let outcome = try await withContainers { sandboxes, images in
            var container = ContainerSpec.shell("pwd", images)
            container.workingDirectory = "/srv/a/b"
            return try await sandboxes.once(container)
        }
        #expect(outcome.output == "/srv/a/b\n", "\(outcome.errors)")
    }

    @Test("gets the environment that it is given, and no other")
    func environment() async throws {
        let outcome = try await withContainers { sandboxes, images in
            let sandbox = try await sandboxes.open(.containers())
            let outcome = try await sandbox.run(
                .shell("env", images), environment: ["A": "b c", "QUOTED": "\"\\\n'ü", "HOME": "/here"])
            _ = await sandbox.close()
            return outcome
        }
        let own = outcome.lines.filter { !$0.hasPrefix("SHLVL=") && !$0.hasPrefix("PWD=") }.sorted()
        #expect(own == ["'ü", "A=b c", "HOME=/here", "PATH=/bin", "QUOTED=\"\\"], "\(outcome.errors)")
    }

    @Test("says how it ended", arguments: [("exit 7", 7), ("kill -9 $$", 137), ("/bin/nothing", 127)])
    func ends(script: String, code: Int32) async throws {
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(.shell(script, images))
        }
        #expect(outcome.end.code == code)
    }

    @Test("whose program is missing ends with 127 and says why")
    func missing() async throws {
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(ContainerSpec(layers: [images.busybox], arguments: ["no-such-program"]))
        }
        #expect(outcome.end == .exited(127))
        #expect(outcome.errors == "landfall: cannot run no-such-program: No such file or directory\n")
    }

    @Test("is not started from layers that are not there")
    func noLayer() async throws {
        try await withContainers { sandboxes, images in
            let sandbox = try await sandboxes.open(.containers())
            for layer in ["\(images.directory)/none", "/etc", "\(images.directory)/../x"] {
                await #expect(throws: SandboxError.self) {
                    try await sandbox.run(ContainerSpec(layers: [layer], arguments: ["sh"]))
                }
            }
            #expect(try await sandbox.run(.shell("echo still here", images)).output == "still here\n")
            _ = await sandbox.close()
        }
    }

    @Test("is told to end by a signal, although its program is not process 1")
    func terminated() async throws {
        try await withContainers { sandboxes, images in
            let sandbox = try await sandboxes.open(.containers())
            for (script, code) in [("echo up; sleep 600", 143), ("trap 'exit 3' TERM; echo up; sleep 600 & wait", 3)] {
                let process = try await sandbox.start(
                    ProcessSpec(program: .container(.shell(script, images)), environment: ["PATH": "/bin"]))
                _ = try await firstBytes(of: process.output)
                await process.signal(SIGTERM)
                #expect(await process.end().code == Int32(code))
                for pipe in [process.output, process.errors] { try pipe.close() }
            }
            _ = await sandbox.close()
        }
    }

    @Test("that does not listen is killed, with all that it has started")
    func killed() async throws {
        try await withContainers { sandboxes, images in
            let sandbox = try await sandboxes.open(.containers())
            let script = "trap '' TERM; setsid sh -c 'trap \"\" TERM; sleep 600' & echo up; while :; do sleep 600; done"
            let process = try await sandbox.start(
                ProcessSpec(program: .container(.shell(script, images)), environment: ["PATH": "/bin"]))
            _ = try await firstBytes(of: process.output)
            await process.signal(SIGTERM)
            await process.signal(SIGKILL)
            #expect(await process.end().code == 137)
            // Nothing holds the pipes any more.
            #expect(try await text(of: process.output) == "")
            try process.errors.close()
            _ = await sandbox.close()
        }
    }

    @Test("reads an empty input, and may open its output again by name")
    func streams() async throws {
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(.shell("cat; echo out > /dev/stdout; echo err > /dev/stderr", images, user: "app"))
        }
        #expect(outcome.output == "out\n")
        #expect(outcome.errors == "err\n")
    }

    @Test("shares network and processes' limits with scripts of its sandbox, but not their files")
    func mixed() async throws {
        for user in [SandboxSpec.User.root, alice] {
            try await withContainers { sandboxes, images in
                var spec = SandboxSpec.containers(user)
                spec.programs = [.scripts, .containers]
                let sandbox = try await sandboxes.open(spec)
                #expect(try await sandbox.run("test -d /usr/share && echo script").output == "script\n")
                let server = try await sandbox.start(
                    ProcessSpec(
                        program: .container(.shell("echo ready; echo hello | nc -l -p 9000", images)),
                        environment: ["PATH": "/bin"]))
                _ = try await firstBytes(of: server.output)
                let script =
                    "for i in $(seq 100); do exec 3<>/dev/tcp/127.0.0.1/9000 && break; sleep 0.1; done; cat <&3"
                let outcome = try await sandbox.run("#!/bin/bash\n\(script)")
                #expect(outcome.output == "hello\n", "\(outcome.errors)")
                #expect(await server.end() == .exited(0))
                for pipe in [server.output, server.errors] { try pipe.close() }
                _ = await sandbox.close()
            }
        }
    }

    @Test("follows another of its job in the same cell, and finds nothing of it", arguments: [true, false])
    func reuse(toMemory: Bool) async throws {
        try await withContainers { sandboxes, images in
            for _ in 0..<3 {
                let script =
                    "ls /mark /dev/shm/mark 2>/dev/null; touch /mark /dev/shm/mark; ps | wc -l; cat /proc/self/uid_map"
                let outcome = try await sandboxes.once(
                    .shell(script, images, writesToMemory: toMemory), in: .containers(job: "job-1"))
                #expect(outcome.lines.count == 2, "\(outcome.output)\(outcome.errors)")
            }
        }
    }
}

/// What a process writes first.
private func firstBytes(of file: FileDescriptor) async throws -> [UInt8] {
    for _ in 0..<1200 {
        var bytes = [UInt8](repeating: 0, count: 64)
        if let count = try? bytes.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            return Array(bytes.prefix(count))
        }
        try await Task.sleep(for: .milliseconds(50))
    }
    throw SandboxError("nothing was written")
}
