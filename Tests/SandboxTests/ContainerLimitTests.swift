import Foundation
import Sandbox
import TestSupport
import Testing

@Suite("A container's limits", .serialized, .enabled(if: runsContainers, needsContainers))
struct ContainerLimitTests {
    @Test(
        "stop one that takes too much memory, be it in a process or in files",
        arguments: [
            "awk 'BEGIN { s = \"x\"; while (1) s = s s }'", "dd if=/dev/zero of=/big bs=1M count=500",
            "dd if=/dev/zero of=/dev/shm/big bs=1M count=500",
        ])
    func memory(script: String) async throws {
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(.shell("\(script)", images), in: .containers(memoryMiB: 64))
        }
        #expect(outcome.usage.outOfMemoryKills >= 1)
        #expect(outcome.usage.peakMemoryBytes <= 64 << 20)
    }

    @Test("count files on disk as no memory, and measure them")
    func disk() async throws {
        try await withContainers { sandboxes, images in
            let spec = SandboxSpec.containers(memoryMiB: 64)
            let sandbox = try await sandboxes.open(spec)
            let outcome = try await sandbox.run(
                .shell(
                    "dd if=/dev/zero of=/big bs=1M count=100 2>/dev/null && echo written", images, writesToMemory: false
                ))
            #expect(outcome.output == "written\n")
            let use = try #require(await sandboxes.diskUse()[spec.id])
            #expect(use.bytes >= 100 << 20)
            #expect(await sandbox.close().outOfMemoryKills == 0)
        }
    }

    @Test("contain a fork bomb")
    func forkBomb() async throws {
        try await withContainers { sandboxes, images in
            let bomb = try await sandboxes.open(.containers(memoryMiB: 128))
            let process = try await bomb.start(
                ProcessSpec(
                    program: .container(.shell("f() { f | f & }; f; echo started; wait", images)),
                    environment: ["PATH": "/bin"]))
            #expect(try await sandboxes.once(.shell("echo fine", images)).output == "fine\n")
            _ = await bomb.close()
            _ = await process.end()
            for pipe in [process.output, process.errors] { try pipe.close() }
            #expect(try await sandboxes.once(.shell("echo fine", images)).output == "fine\n")
        }
    }

    @Test("allow as many open files as Cloud Run, or as the machine does")
    func openFiles() async throws {
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(.shell("ulimit -Sn; ulimit -Hn; ulimit -Hc", images))
        }
        let numbers = outcome.lines.compactMap { Int($0) }
        let machine = try await Program.shell("ulimit -Hn").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(numbers.first == min(25_000, Int(machine) ?? 25_000))
        #expect(outcome.lines.last != "unlimited")
    }
}
