import Foundation
import Sandbox
import SystemPackage

/// A program of scripts/bench: runs no-op scripts in sandboxes, with nothing of a server around them.
///
/// `SandboxRate COUNT PARALLELISM` prints how many it ran in a second. It needs root.
@main
struct SandboxRate {
    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap(Int.init)
        guard numbers.count == 2, let count = numbers.first, let parallelism = numbers.last else {
            print("Usage: SandboxRate COUNT PARALLELISM")
            exit(2)
        }
        let directory = "/var/tmp/landfall-rate-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let sandboxes = try await HostSandboxes(configuration: .init(directory: directory))
        let begun = ContinuousClock.now
        do {
            try await run(count, atOnce: parallelism, in: sandboxes)
        } catch {
            await sandboxes.shutDown()
            throw error
        }
        let spent = ContinuousClock.now - begun
        await sandboxes.shutDown()
        print(Int(Double(count) / (spent / .seconds(1))))
    }

    private static func run(_ count: Int, atOnce parallelism: Int, in sandboxes: HostSandboxes) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<parallelism {
                group.addTask {
                    for number in stride(from: worker, to: count, by: parallelism) {
                        try await runOne(number, in: sandboxes)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func runOne(_ number: Int, in sandboxes: HostSandboxes) async throws {
        let spec = SandboxSpec(
            id: "rate-\(number)", job: "rate",
            user: .account(name: "alice", uid: 70_001, gid: 70_001, home: "/home/alice", shell: "/bin/bash"),
            hostname: "rate-\(number)", cpuMilli: 500, memoryMiB: 64)
        let sandbox = try await sandboxes.open(spec)
        do {
            let process = try await sandbox.start(
                ProcessSpec(program: .script(text: "true"), environment: ["PATH": "/usr/bin:/bin"]))
            let end = await process.end()
            for pipe in [process.output, process.errors] { try pipe.close() }
            guard end == .exited(0) else { throw SandboxError("a script ended with \(end.code)") }
        } catch {
            _ = await sandbox.close()
            throw error
        }
        _ = await sandbox.close()
    }
}
