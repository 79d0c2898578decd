import Testing

@testable import Sandbox

@Suite("Cgroups that a task sees", .serialized, .enabled(if: isCapable, needsRoot))
struct CgroupViewTests {
    /// Prints the limit of memory and the path of every group, and then whatever of the groups can be altered.
    private static let look = """
        cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null
        cut -d: -f3 /proc/self/cgroup | sort -u
        mount -o remount,rw /sys/fs/cgroup 2>/dev/null && echo remounted
        for d in /sys/fs/cgroup /sys/fs/cgroup/*/; do
          mount -o remount,rw $d 2>/dev/null && echo "remounted $d"
          mkdir $d/mine 2>/dev/null && echo "made $d/mine"
          for f in memory.max memory.limit_in_bytes pids.max cpu.shares cgroup.procs tasks cgroup.kill release_agent; do
            test -e $d/$f && (echo 1 > $d/$f) 2>/dev/null && echo "wrote $d/$f"
          done
        done
        echo done
        """
    private static let expected = ["\(256 << 20)", "/", "done"]

    @Test("are its own, which a script reads its memory's limit from and alters nothing of", arguments: [alice, .root])
    func scripts(user: SandboxSpec.User) async throws {
        let outcome = try await withSandboxes { try await $0.once(Self.look, as: user) }
        #expect(outcome.lines == Self.expected, "\(outcome.errors)")
    }

    @Test("are those that a container reads its memory's limit from, and alters nothing of")
    func containers() async throws {
        let outcome = try await withContainers { sandboxes, images in
            try await sandboxes.once(.shell(Self.look, images))
        }
        // runc is shown none, since it would put containers into groups of their own there.
        let expected = TestRuntime.current?.kind == .runc ? Array(Self.expected.dropFirst()) : Self.expected
        #expect(outcome.lines == expected, "\(outcome.errors)")
    }

    @Test("are named as the machine names them")
    func names() async throws {
        let layout = try CgroupLayout.read()
        let outcome = try await withSandboxes { try await $0.once("ls /sys/fs/cgroup") }
        guard layout.isLegacy else {
            #expect(outcome.lines.contains("memory.max"))
            return
        }
        #expect(outcome.lines == layout.legacy.keys.sorted())
    }
}
