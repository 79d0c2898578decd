import Foundation
import Sandbox
import TestSupport
import Testing

@Suite("What a sandbox takes of the disk", .serialized, .enabled(if: isCapable, needsRoot))
struct DiskTests {
    private static let mebibyte: UInt64 = 1 << 20

    @Test(
        "is counted by name and without one, once, and without what links lead to", arguments: [alice, .root])
    func use(user: SandboxSpec.User) async throws {
        let outside = "/var/tmp/landfall-outside-\(UUID().uuidString)"
        try await Program.shell("mkdir \(outside) && head -c 64M /dev/zero > \(outside)/file")
        defer { try? FileManager.default.removeItem(atPath: outside) }
        let program = """
            #!/usr/bin/python3
            import os, threading, time
            part = b"x" * (4 << 20)
            open("/tmp/named", "wb", buffering=0).write(part)
            os.link("/tmp/named", "/tmp/again")
            file = open("/tmp/deleted", "wb", buffering=0)
            file.write(part)
            os.unlink("/tmp/deleted")
            copy = os.dup(file.fileno())
            memory = os.memfd_create("x")
            os.write(memory, part)
            os.symlink("\(outside)", "/tmp/link")
            os.symlink("/usr", "/tmp/system")
            threading.Thread(target=time.sleep, args=(600,)).start()
            print("done", flush=True)
            time.sleep(600)
            """
        try await withSandboxes { sandboxes in
            let spec = SandboxSpec.small(user)
            let sandbox = try await sandboxes.open(spec)
            let before = try #require(await sandboxes.diskUse()[spec.id])
            let process = try await sandbox.start(
                ProcessSpec(program: .script(text: program), environment: ["PATH": "/usr/bin:/bin"]))
            var use = before
            let end = ContinuousClock.now + .seconds(60)
            while use.bytes < before.bytes + 8 * Self.mebibyte || use.files < before.files + 5,
                ContinuousClock.now < end
            {
                use = try #require(await sandboxes.diskUse()[spec.id])
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(use.isComplete)
            #expect((8 * Self.mebibyte...9 * Self.mebibyte).contains(use.bytes &- before.bytes), "\(use) \(before)")
            #expect((5...12).contains(use.files &- before.files), "\(use) \(before)")
            await process.signal(9)
            _ = try await text(of: process.output)
            _ = await sandbox.close()
            #expect(await sandboxes.diskUse().isEmpty)
        }
    }

    @Test("is set against the room that there is")
    func room() async throws {
        try await withSandboxes { sandboxes in
            let room = try #require(sandboxes.diskRoom())
            #expect(room.bytes.total > room.bytes.free && room.bytes.free > 0)
            #expect(room.files.total >= room.files.free)
        }
    }
}
