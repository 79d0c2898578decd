import Glibc
import Testing

@testable import Sandbox

@Suite("A sandbox's limits", .serialized, .enabled(if: isCapable, needsRoot))
struct LimitTests {
    private static let hog = "python3 -c 'x = bytearray(200 << 20); print(len(x))'"

    @Test("stop a process that takes too much memory, and say so")
    func outOfMemory() async throws {
        let outcome = try await withSandboxes { try await $0.once(Self.hog, memoryMiB: 64) }
        #expect(outcome.output == "")
        #expect(outcome.usage.outOfMemoryKills >= 1)
        #expect(outcome.usage.peakMemoryBytes > 48 << 20 && outcome.usage.peakMemoryBytes <= 64 << 20)
    }

    @Test("count for each sandbox afresh")
    func counters() async throws {
        try await withSandboxes { sandboxes in
            let large = try await sandboxes.once(Self.hog, memoryMiB: 512)
            #expect(large.usage.peakMemoryBytes > 200 << 20)
            #expect(large.usage.cpuMicroseconds > 10_000)
            #expect(large.usage.outOfMemoryKills == 0)
            let killed = try await sandboxes.once(Self.hog, memoryMiB: 64)
            #expect(killed.usage.outOfMemoryKills >= 1)
            let small = try await sandboxes.once("exit 0", memoryMiB: 64)
            #expect(small.usage.peakMemoryBytes < 32 << 20)
            #expect(small.usage.outOfMemoryKills == 0)
        }
    }

    @Test(
        "leave the machine half of the processes that it can have, and other tasks most of the rest",
        arguments: [
            (32768, 192_730, 16384, 2048), (4_194_304, 192_730, 96365, 4096), (4_194_304, 15000, 7500, 937),
            (1, 1, 1, 1),
        ])
    func processes(ids: Int, threads: Int, all: Int, one: Int) {
        let limits = ProcessLimits(ids: ids, threads: threads)
        #expect(limits.allTasks == all && limits.task == one)
    }

    @Test("contain a fork bomb")
    func forkBomb() async throws {
        try await withSandboxes { sandboxes in
            let bomb = try await sandboxes.open(.small(memoryMiB: 128))
            let process = try await bomb.start(
                ProcessSpec(program: .script(text: "f() { f | f & }; f; echo started; wait"), environment: [:]))
            // Another sandbox still works beside it.
            #expect(try await sandboxes.once("echo fine").output == "fine\n")
            _ = await bomb.close()
            _ = await process.end()
            _ = try await text(of: process.output)
            #expect(try await sandboxes.once("echo fine").output == "fine\n")
        }
    }
}
