import Foundation
import Sandbox
import Synchronization
import TestSupport
import Testing

@Suite("Volumes of a sandbox", .serialized, .enabled(if: runsContainers, needsContainers))
struct VolumeTests {
    @Test(
        "in memory and on disk are shared by its containers and scripts",
        arguments: [
            SandboxSpec.User.root, alice,
        ])
    func shared(user: SandboxSpec.User) async throws {
        try await withContainers { sandboxes, images in
            for source in [SandboxVolume.Source.memory(limitMiB: 4), .disk] {
                var spec = SandboxSpec.containers(
                    user, volumes: [SandboxVolume(name: "work", source: source, path: "/mnt/disks/files")])
                spec.programs = [.scripts, .containers]
                let sandbox = try await sandboxes.open(spec)
                let script = try await sandbox.run("echo from the script > /mnt/disks/files/a && echo done")
                #expect(script.output == "done\n", "\(script.errors)")
                let mounts = [
                    ContainerSpec.Mount(volume: "work", path: "/data"),
                    ContainerSpec.Mount(volume: "work", subpath: "sub/dir", path: "/part"),
                    ContainerSpec.Mount(volume: "work", path: "/fixed", isReadOnly: true),
                ]
                let container = try await sandbox.run(
                    .shell(
                        "cat /data/a; echo b > /data/b && (echo c > /part/c || ls -ld /part); (echo d > /fixed/d) 2>/dev/null || echo fixed",
                        images, mounts: mounts))
                #expect(container.output == "from the script\nfixed\n", "\(container.errors)")
                let outcome = try await sandbox.run("cd /mnt/disks/files; cat b sub/dir/c")
                #expect(outcome.output == "b\nc\n", "\(outcome.errors)")
                _ = await sandbox.close()
            }
        }
    }

    @Test("on disk have others in them, for scripts and containers", arguments: [SandboxSpec.User.root, alice])
    func nested(user: SandboxSpec.User) async throws {
        let directory = "/var/tmp/landfall-outside-\(UUID().uuidString)"
        try await Program.shell("mkdir -m 755 \(directory) && echo host > \(directory)/file")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await withContainers { sandboxes, images in
            var spec = SandboxSpec.containers(
                user,
                volumes: [
                    SandboxVolume(name: "outer", source: .disk, path: "/mnt/data"),
                    SandboxVolume(
                        name: "inner", source: .directory(path: directory), path: "/mnt/data/in/host", isReadOnly: true),
                ])
            spec.programs = [.scripts, .containers]
            let sandbox = try await sandboxes.open(spec)
            let script = try await sandbox.run(
                "cat /mnt/data/in/host/file; echo a > /mnt/data/a; echo b > /mnt/data/in/b")
            #expect(script.output == "host\n", "\(script.errors)")
            let mounts = [
                ContainerSpec.Mount(volume: "outer", path: "/srv", isReadOnly: true),
                ContainerSpec.Mount(volume: "inner", path: "/srv/in/host"),
            ]
            let container = try await sandbox.run(
                .shell(
                    "cat /srv/a /srv/in/b /srv/in/host/file; (echo x > /srv/in/host/x) 2>/dev/null || echo fixed",
                    images, mounts: mounts))
            #expect(container.output == "a\nb\nhost\nfixed\n", "\(container.errors)")
            _ = await sandbox.close()
        }
    }

    @Test("in memory have a limit of their own, and count as the sandbox's")
    func limit() async throws {
        try await withContainers { sandboxes, images in
            let volumes = [SandboxVolume(name: "v", source: .memory(limitMiB: 2))]
            let outcome = try await sandboxes.once(
                .shell(
                    "dd if=/dev/zero of=/v/x bs=1M count=3 2>/dev/null || echo full", images,
                    mounts: [.init(volume: "v", path: "/v")]), in: .containers(volumes: volumes))
            #expect(outcome.output == "full\n")
        }
    }

    @Test("that are directories of the host can be read-only, and are not left by links in them")
    func directory() async throws {
        let directory = "/var/tmp/landfall-outside-\(UUID().uuidString)"
        try await Program.shell(
            "mkdir -m 777 \(directory) && echo host > \(directory)/file && ln -s / \(directory)/link && chmod 755 \(directory)"
        )
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await withContainers { sandboxes, images in
            func once(_ script: String, _ volume: SandboxVolume, subpath: String = "") async throws -> Outcome {
                try await sandboxes.once(
                    .shell(script, images, mounts: [.init(volume: "v", subpath: subpath, path: "/v")]),
                    in: .containers(volumes: [volume]))
            }
            var volume = SandboxVolume(name: "v", source: .directory(path: directory))
            #expect(try await once("cat /v/file", volume).output == "host\n")
            await #expect(throws: SandboxError.self) { try await once("true", volume, subpath: "link") }
            try await Program.shell("chmod 777 \(directory)")
            #expect(try await once("echo new > /v/new && echo written", volume).output == "written\n")
            volume.isReadOnly = true
            #expect(try await once("(echo x > /v/more) 2>/dev/null || echo refused", volume).output == "refused\n")
            volume.source = .directory(path: "\(directory)/link")
            await #expect(throws: SandboxError.self) { try await once("true", volume) }
        }
    }

    @Test("that are directories of the host show the disks that are mounted in them, read-only where they are")
    func mountedBelow() async throws {
        let directory = "/var/tmp/landfall-outside-\(UUID().uuidString)"
        try await Program.shell(
            "mkdir -p \(directory)/disk && mount -t tmpfs landfall-test \(directory)/disk && echo host > \(directory)/disk/file"
        )
        defer {
            _ = umount2("\(directory)/disk", Int32(MNT_DETACH))
            try? FileManager.default.removeItem(atPath: directory)
        }
        try await withContainers { sandboxes, images in
            let spec = SandboxSpec.containers(
                volumes: [SandboxVolume(name: "v", source: .directory(path: directory))])
            let mounts = [
                ContainerSpec.Mount(volume: "v", path: "/v"),
                ContainerSpec.Mount(volume: "v", path: "/fixed", isReadOnly: true),
            ]
            try await Program.shell("chmod 1777 \(directory)/disk")
            let script = """
                cat /v/disk/file /fixed/disk/file; echo new > /v/disk/new && echo written
                (echo x > /fixed/disk/x) 2>/dev/null || echo refused
                mount -o remount,rw /fixed/disk 2>/dev/null && echo remounted
                echo done
                """
            let outcome = try await sandboxes.once(.shell(script, images, mounts: mounts), in: spec)
            #expect(outcome.lines == ["host", "host", "written", "refused", "done"], "\(outcome.errors)")
        }
    }

    @Test("give nobody a directory that was put where the agent is making one")
    func swappedDirectory() async throws {
        let directory = "/var/tmp/landfall-outside-\(UUID().uuidString)"
        try await Program.shell("mkdir -m 777 \(directory) && mkdir -m 700 \(directory)/mine")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await withSandboxes { sandboxes in
            var spec = SandboxSpec.small()
            spec.volumes = [SandboxVolume(name: "v", source: .directory(path: directory))]
            let sandbox = try await sandboxes.open(spec)
            // What a task can do that may write to the directory above: the two change places while one is being made.
            let rounds = 2000
            let (begun, over, done) = (SharedNumber(), SharedNumber(), SharedNumber())
            let swapper = Thread {
                for round in 1...rounds {
                    while begun.value < round { sched_yield() }
                    let (new, mine) = ("\(directory)/logs-\(round)", "\(directory)/mine")
                    var isSwapped = false
                    while !isSwapped, over.value < round { isSwapped = rename(new, "\(directory)/held") == 0 }
                    if isSwapped { isSwapped = rename(mine, new) == 0 }
                    while over.value < round { sched_yield() }
                    if isSwapped { rename(new, mine) }
                    try? FileManager.default.removeItem(atPath: "\(directory)/held")
                    done.value = round
                }
            }
            swapper.start()
            for round in 1...rounds {
                begun.value = round
                let file = try? await sandbox.file("logs-\(round)/out.log", ofVolume: "v")
                try? file?.close()
                over.value = round
                while done.value < round { await Task.yield() }
            }
            #expect(try await Program.shell("stat -c '%u %a' \(directory)/mine") == "0 700\n")
            _ = await sandbox.close()
        }
    }

    @Test("take what the agent appends to files in them, unless a task has put something else in the way")
    func appending() async throws {
        let directory = "/var/tmp/landfall-outside-\(UUID().uuidString)"
        try await Program.shell("mkdir -m 777 \(directory) && echo host > \(directory)/secret")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await withSandboxes { sandboxes in
            var spec = SandboxSpec.small()
            spec.volumes = [SandboxVolume(name: "v", source: .directory(path: directory), path: "/mnt/v")]
            let sandbox = try await sandboxes.open(spec)
            for text in ["one\n", "two\n"] {
                let file = try await sandbox.file("logs/run/out.log", ofVolume: "v")
                try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
            }
            let seen = try await sandbox.run("cat /mnt/v/logs/run/out.log; stat -c %U /mnt/v/logs/run/out.log")
            #expect(seen.output == "one\ntwo\nalice_example_com\n", "\(seen.errors)")
            let traps = try await sandbox.run(
                "cd /mnt/v; ln -s secret link; ln -s . here; mkfifo pipe; mkdir folder; echo mine > own; ln own twin")
            #expect(traps.end == .exited(0), "\(traps.errors)")
            for path in ["link", "here/file", "pipe", "folder", "own", "secret", "../outside", "/etc/landfall-x"] {
                await #expect(throws: SandboxError.self, "\(path)") { try await sandbox.file(path, ofVolume: "v") }
            }
            await #expect(throws: SandboxError.self) { try await sandbox.file("x", ofVolume: "other") }
            _ = await sandbox.close()
            #expect(try String(contentsOfFile: "\(directory)/secret", encoding: .utf8) == "host\n")
        }
    }

    @Test("that are files show them with their modes to the sandbox's user, who cannot change them")
    func files() async throws {
        try await withContainers { sandboxes, images in
            let files = [
                SandboxVolume.File(path: "token", content: Array("s3cret".utf8), mode: 0o400),
                SandboxVolume.File(path: "deep/er/key", content: Array("k".utf8)),
            ]
            for user in [SandboxSpec.User.root, alice] {
                var spec = SandboxSpec.containers(
                    user, volumes: [SandboxVolume(name: "v", source: .files(files), path: "/mnt/secrets")])
                spec.programs = [.scripts, .containers]
                let sandbox = try await sandboxes.open(spec)
                let look =
                    "cat $D/token $D/deep/er/key; stat -c ' %a' $D/token; (echo x > $D/token) 2>/dev/null || echo kept"
                let script = try await sandbox.run("D=/mnt/secrets; \(look)")
                let container = try await sandbox.run(
                    .shell("D=/s; \(look)", images, mounts: [.init(volume: "v", path: "/s")]))
                for outcome in [script, container] {
                    #expect(outcome.output == "s3cretk 400\nkept\n", "\(outcome.errors)")
                }
                _ = await sandbox.close()
            }
        }
    }

    @Test("of an account's scripts have to be where nothing of the system is")
    func places() async throws {
        try await withSandboxes { sandboxes in
            for (path, works) in [("/mnt/a/b", true), ("/srv/x", true), ("/usr/x", false), ("/data", false)] {
                var spec = SandboxSpec.small(alice)
                spec.volumes = [SandboxVolume(name: "v", source: .memory(limitMiB: nil), path: path)]
                do {
                    let sandbox = try await sandboxes.open(spec)
                    #expect(try await sandbox.run("touch \(path)/x && echo ok").output == "ok\n")
                    _ = await sandbox.close()
                    #expect(works)
                } catch let error as SandboxError {
                    #expect(!works, "\(error)")
                }
            }
        }
    }
}

/// A number that two threads know.
private final class SharedNumber: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int {
        get { number.load(ordering: .acquiring) }
        set { number.store(newValue, ordering: .releasing) }
    }
}
