import Foundation
import Testing

@testable import Sandbox

@Suite("A container runtime that hangs", .timeLimit(.minutes(10)), .enabled(if: runsContainers, needsContainers))
struct HangingRuntimeTests {
    @Test("is given up when its container does not run in time, and the sandbox serves on")
    func hangs() async throws {
        // What lies among the images is what both the runtime's surroundings and a test can have.
        let runtime = ContainerRuntime(kind: .crun, path: "/run/images/busybox/bin/hang", patience: .seconds(1))
        try await TestRuntime.$current.withValue(runtime) {
            try await withContainers { sandboxes, images in
                let program = "\(images.busybox)/bin/hang"
                try "#!/bin/sh\nexec sleep 1000\n".write(toFile: program, atomically: false, encoding: .utf8)
                chmod(program, 0o755)
                var spec = SandboxSpec.containers()
                spec.programs = [.scripts, .containers]
                let sandbox = try await sandboxes.open(spec)
                for _ in 0..<2 {
                    let error = await #expect(throws: SandboxError.self) {
                        try await sandbox.run(.shell("true", images))
                    }
                    let words = error?.description ?? ""
                    #expect(words.contains("the container runtime has not started it within 1 s"), "\(words)")
                }
                #expect(try await sandbox.run("echo still here", home: "/root").output == "still here\n")
                _ = await sandbox.close()
            }
        }
    }
}
