import Foundation
import TestSupport
import Testing

@testable import Sandbox

@Suite("Sandboxes of a host", .serialized, .enabled(if: isCapable, needsRoot))
struct LifetimeTests {
    /// What of a directory, and by a directory, there is on the machine.
    private func traces(of directory: String) async throws -> String {
        try await Program.shell(
            "ls -d \(directory)/* 2>/dev/null; grep -h \(directory) /proc/*/mounts 2>/dev/null; pgrep -f '[l]andfall-launcher --directory \(directory)'"
        )
    }

    /// What of a seat there is on the machine, each with a number that nobody else's has: another agent may take the
    /// seat as soon as it is free.
    private func belongings(ofSeat seat: String) async throws -> Set<String> {
        let number = seat.split(separator: "-").last ?? ""
        let lines = try await Program.shell(
            """
            stat -c '%n %i %w' /sys/fs/cgroup/*/\(seat) /sys/fs/cgroup/\(seat) /run/landfall/seat-\(number) 2>/dev/null
            nft -a list table inet landfall_\(number) 2>/dev/null | head -1
            grep -H . /sys/class/net/lf\(number)-*/ifindex 2>/dev/null
            true
            """)
        return Set(lines.split(separator: "\n").map(String.init))
    }

    @Test("say at once that the program which starts tasks ends at once")
    func launcherThatEnds() async throws {
        let directory = "/var/tmp/landfall-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        await #expect(throws: SandboxError.self) {
            _ = try await HostSandboxes(configuration: .init(directory: directory, launcher: "/bin/true"))
        }
    }

    @Test("hear of the launcher's death though a process that it has started holds its socket", .timeLimit(.minutes(5)))
    func orphanedSocket() async throws {
        let directory = "/var/tmp/landfall-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await Program.shell("mkdir -m 700 \(directory)")
        let mark = "86400.\(UInt32.random(in: .min ... .max))"
        let launcher = "\(directory)/launcher"
        try "#!/bin/sh\nsleep \(mark) &\nexec \(try Ground.launcherBesideThisProgram()) \"$@\"\n"
            .write(toFile: launcher, atomically: false, encoding: .utf8)
        chmod(launcher, 0o700)
        let (losses, lost) = AsyncStream.makeStream(of: SandboxError.self)
        let sandboxes = try await HostSandboxes(
            configuration: .init(directory: "\(directory)/sandboxes", launcher: launcher)
        ) { lost.yield($0) }
        try await Program.shell("pkill -KILL -f '[l]andfall-launcher --directory \(directory)/'")
        var heard = losses.makeAsyncIterator()
        #expect(await heard.next()?.description == Launcher.lost.description)
        #expect(try await Program.shell("pgrep -f '[s]leep \(mark)' | wc -l") == "1\n")
        try await Program.shell("pkill -f '[s]leep \(mark)'")
        await sandboxes.shutDown()
    }

    @Test("leave nothing behind, though tasks are running when they are shut down")
    func nothingLeft() async throws {
        let directory = "/var/tmp/landfall-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let sandboxes = try await HostSandboxes(configuration: .init(directory: directory))
        let seat = try #require(try FileManager.default.contentsOfDirectory(atPath: directory).first)
        for user in [alice, .root, alice] {
            let sandbox = try await sandboxes.open(.small(user))
            let process = try await sandbox.start(
                ProcessSpec(program: .script(text: "sleep 1000"), environment: ["PATH": "/bin"]))
            try process.output.close()
            try process.errors.close()
        }
        let before = try await belongings(ofSeat: seat)
        #expect(before.count >= 4, "\(before)")
        await sandboxes.shutDown()
        let left = try await traces(of: directory)
        #expect(left == "", "\(left)")
        let kept = try await belongings(ofSeat: seat).intersection(before)
        #expect(kept.isEmpty, "\(kept)")
        await #expect(throws: SandboxError.self) { _ = try await sandboxes.open(.small()) }
    }

    @Test("of two agents do not meet")
    func twoAgents() async throws {
        try await withSandboxes { one in
            try await withSandboxes { two in
                async let first = one.once("echo one; cat /proc/self/uid_map", as: .root)
                async let second = two.once("echo two; cat /proc/self/uid_map", as: .root)
                let (a, b) = try await (first, second)
                #expect(a.lines.first == "one" && b.lines.first == "two")
                #expect(a.lines.last != b.lines.last)
            }
        }
    }

    @Test("remove the files of a dead agent though an agent of another directory has its seat, and no other's")
    func filesOfDeadAgent() async throws {
        try await withSandboxes { other in
            let directory = "/var/tmp/landfall-test-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let dead = "\(directory)/\(other.seat.group)"
            try await Program.shell("mkdir -m 700 \(directory) && mkdir -p \(dead)/scratch/t-1 \(directory)/kept")
            let first = try await HostSandboxes(configuration: .init(directory: directory))
            #expect(!FileManager.default.fileExists(atPath: dead))
            let second = try await HostSandboxes(configuration: .init(directory: directory))
            let names = [first.seat.group, second.seat.group, "kept"]
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == names.sorted())
            await second.shutDown()
            #expect(try await first.once("echo one").output == "one\n")
            await first.shutDown()
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["kept"])
        }
    }

    @Test("remove a deep tree that a task left, and follow no link out of it")
    func deepTree() async throws {
        let outside = "/var/tmp/landfall-outside-\(UUID().uuidString)"
        try await Program.shell("mkdir \(outside); touch \(outside)/file")
        defer { try? FileManager.default.removeItem(atPath: outside) }
        let directory = "/var/tmp/landfall-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let sandboxes = try await HostSandboxes(configuration: .init(directory: directory))
        let outcome = try await sandboxes.once(
            """
            #!/usr/bin/python3
            import os
            os.symlink("\(outside)", "link")
            for level in range(3000):
                os.mkdir("d")
                os.chdir("d")
            open("f", "w").close()
            """)
        #expect(outcome.end == .exited(0))
        #expect(try await Program.shell("ls \(directory)/*/scratch") == "")
        await sandboxes.shutDown()
        #expect(FileManager.default.fileExists(atPath: "\(outside)/file"))
    }

    @Test("remove all that can be removed beside what cannot")
    func partialRemoval() async throws {
        let directory = "/var/tmp/landfall-test-\(UUID().uuidString)"
        try await Program.shell(
            """
            mkdir -p \(directory)/a/b/c \(directory)/busy/e \(directory)/z/y; touch \(directory)/a/b/c/f \(directory)/z/f
            mount -t tmpfs landfall-test \(directory)/busy/e
            """)
        FileTree.remove(directory)
        let left = try await Program.shell("cd \(directory) && find . -mindepth 1")
        try await Program.shell("umount -l \(directory)/*/e \(directory)/landfall-removed-* 2>/dev/null; true")
        #expect(left.split(separator: "\n").count == 2, "\(left)")
        FileTree.remove(directory)
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test("run many at once")
    func many() async throws {
        try await withSandboxes { sandboxes in
            let clock = ContinuousClock()
            let count = 200
            let time = try await clock.measure {
                try await withThrowingTaskGroup(of: String.self) { group in
                    for index in 0..<count {
                        if index >= 4 { #expect(try await group.next() == "ok\n") }
                        group.addTask { try await sandboxes.once("echo ok").output }
                    }
                    for try await output in group { #expect(output == "ok\n") }
                }
            }
            print("\(count) sandboxes, 4 at a time: \(time)")
        }
    }

    @Test("say what the machine can isolate")
    func report() {
        let report = HostReport.probe()
        #expect(report.isSufficient)
        for capability in report.capabilities { print(capability.name, capability.state) }
    }
}
