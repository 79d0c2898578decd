import Foundation
import Testing

@testable import Sandbox

/// A machine that has runc alone: what holds of containers by crun holds of its as well.
@Suite("A container by runc", .serialized, .enabled(if: hasRunc, "needs root, runc and busybox-static"))
struct RuncTests {
    @Test("runs its image's program with its own files and users, and says how it ended")
    func programs() async throws {
        try await withRunc {
            let tests = ContainerTests()
            try await tests.basics()
            try await tests.layers()
            try await tests.writing(toMemory: false)
            try await tests.users(user: "app", expected: "1000 1001 1001 50 /home/app")
            try await tests.account()
            try await tests.environment()
            try await tests.streams()
            try await tests.missing()
            try await VolumeTests().mountedBelow()
            for (script, code) in [("exit 7", Int32(7)), ("kill -9 $$", 137)] {
                try await tests.ends(script: script, code: code)
            }
        }
    }

    @Test("is told to end, is killed, and is followed by another that finds nothing of it")
    func ends() async throws {
        try await withRunc {
            let tests = ContainerTests()
            try await tests.terminated()
            try await tests.killed()
            try await tests.mixed()
            try await tests.noLayer()
            try await tests.reuse(toMemory: true)
        }
    }

    @Test("is nobody on the host, finds nothing of it, and keeps to its limits")
    func confinement() async throws {
        try await withRunc {
            let escapes = ContainerEscapeTests()
            try await escapes.identity(user: "")
            try await escapes.setUserID()
            try await escapes.surroundings()
            try await escapes.linkedTargets()
            try await CgroupViewTests().containers()
            try await ContainerLimitTests().forkBomb()
        }
    }

    @Test("leaves no control group behind when it is killed")
    func groups() async throws {
        try await withRunc {
            try await withContainers { sandboxes, images in
                let sandbox = try await sandboxes.open(.containers())
                let process = try await sandbox.start(
                    ProcessSpec(program: .container(.shell("sleep 1000", images)), environment: ["PATH": "/bin"]))
                let group = try #require(innerGroups(of: sandboxes).first)
                #expect(FileManager.default.fileExists(atPath: "\(group)/cgroup.procs"))
                _ = await sandbox.close()
                _ = await process.end()
                #expect(innerGroups(of: sandboxes).isEmpty)
            }
        }
    }

    /// The groups that runc has made below those of the sandboxes.
    private func innerGroups(of sandboxes: HostSandboxes) -> [String] {
        let top = "\(sandboxes.cgroups.layout.unified)/\(sandboxes.seat.group)"
        let all = (try? FileManager.default.subpathsOfDirectory(atPath: top)) ?? []
        return all.filter { $0.contains("/containers/") && $0.hasSuffix("cgroup.procs") }
            .map { "\(top)/\($0.dropLast("/cgroup.procs".count))" }
    }

    private func withRunc(_ body: () async throws -> Void) async throws {
        try await TestRuntime.$current.withValue(.onThisHost(.runc), operation: body)
    }
}

private let hasRunc =
    runsContainers
    && (ContainerRuntime.onThisHost(.runc) != nil || ProcessInfo.processInfo.environment["CI"] == "true")
