import Foundation
import Sandbox
import Testing

@Suite("A container without a way out", .serialized, .enabled(if: runsContainers, needsContainers))
struct BlockedNetworkTests {
    @Test("reaches the agent's listener and others like it, but nothing beyond its sandbox")
    func reach() async throws {
        try await withContainers { sandboxes, images in
            let sandbox = try await sandboxes.open(.containers())
            let server = "nc -ll -p 80 -e echo metadata"
            let open = try await sandbox.start(
                ProcessSpec(
                    program: .container(.shell("echo up; \(server)", images)), environment: ["PATH": "/bin"]))
            let script = """
                for i in $(seq 100); do nc -w 1 169.254.169.254 80 </dev/null 2>/dev/null && break; usleep 100000; done
                ip route; nc -w 1 192.0.2.1 80 </dev/null 2>/dev/null || echo unreachable
                """
            let outcome = try await sandbox.run(.shell(script, images, blocksExternalNetwork: true))
            #expect(outcome.lines.first == "metadata", "\(outcome.output)\(outcome.errors)")
            #expect(outcome.lines.last == "unreachable")
            #expect(!outcome.output.contains("default"))
            for pipe in [open.output, open.errors] { try pipe.close() }
            _ = await sandbox.close()
        }
    }

    @Test("leaves the next attempt of its job a network with a way out")
    func reuse() async throws {
        try await withContainers { sandboxes, images in
            for isBlocked in [true, false, true, false] {
                let outcome = try await sandboxes.once(
                    .shell(
                        "ip route | grep -c default; ls /proc/sys/net/ipv4/conf | grep -c inner", images,
                        blocksExternalNetwork: isBlocked),
                    in: .containers(job: "job-1"))
                #expect(outcome.lines == [isBlocked ? "0" : "1", "0"], "\(outcome.errors)")
            }
        }
    }
}
