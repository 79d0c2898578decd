import Foundation
import Sandbox
import SystemPackage

/// A program of scripts/bench: runs no-op tasks in sandboxes, with nothing of a server around them.
///
/// `SandboxRate COUNT PARALLELISM` prints how many scripts it ran in a second; with `IMAGES LAYER PROGRAM…` containers
/// of one layer, a directory below IMAGES, in which it runs the program. It needs root.
@main
struct SandboxRate {
    private let count: Int
    private let parallelism: Int
    private let images: String?
    private let container: ContainerSpec?

    static func main() async throws {
        guard let rate = SandboxRate(CommandLine.arguments.dropFirst()) else {
            print("Usage: SandboxRate COUNT PARALLELISM [IMAGES LAYER PROGRAM…]")
            exit(2)
        }
        try await print(rate.measure())
    }

    private init?(_ arguments: ArraySlice<String>) {
        let numbers = arguments.prefix(2).compactMap(Int.init)
        let others = Array(arguments.dropFirst(2))
        guard numbers.count == 2, others.isEmpty || others.count > 2 else { return nil }
        (count, parallelism) = (numbers[0], numbers[1])
        images = others.first
        container = images.map { images in
            ContainerSpec(
                layers: ["\(images)/\(others[1])"], arguments: Array(others.dropFirst(2)), writesToMemory: true)
        }
    }

    /// Tasks in a second.
    private func measure() async throws -> Int {
        let directory = "/var/tmp/landfall-rate-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let sandboxes = try await HostSandboxes(configuration: .init(directory: directory, imageDirectory: images))
        let begun = ContinuousClock.now
        do {
            try await runAll(in: sandboxes)
        } catch {
            await sandboxes.shutDown()
            throw error
        }
        let spent = ContinuousClock.now - begun
        await sandboxes.shutDown()
        return Int(Double(count) / (spent / .seconds(1)))
    }

    private func runAll(in sandboxes: HostSandboxes) async throws {
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

    private func runOne(_ number: Int, in sandboxes: HostSandboxes) async throws {
        let account = SandboxSpec.User.account(
            name: "alice", uid: 70_001, gid: 70_001, home: "/home/alice", shell: "/bin/bash")
        let spec = SandboxSpec(
            id: "rate-\(number)", job: "rate", user: container == nil ? account : .root,
            programs: container == nil ? .scripts : .containers, hostname: "rate-\(number)", cpuMilli: 500,
            memoryMiB: 64)
        let sandbox = try await sandboxes.open(spec)
        do {
            let program = container.map(ProcessSpec.Program.container) ?? .script(text: "true")
            let process = try await sandbox.start(
                ProcessSpec(program: program, environment: ["PATH": "/usr/bin:/bin"]))
            let end = await process.end()
            if count == 1 { try show([process.output, process.errors]) }
            for pipe in [process.output, process.errors] { try pipe.close() }
            guard end == .exited(0) else { throw SandboxError("a task ended with \(end.code)") }
        } catch {
            _ = await sandbox.close()
            throw error
        }
        _ = await sandbox.close()
    }

    /// Prints what a single task has printed.
    private func show(_ pipes: [FileDescriptor]) throws {
        for pipe in pipes {
            var bytes = [UInt8](repeating: 0, count: 65536)
            let length = try bytes.withUnsafeMutableBytes { try pipe.read(into: $0) }
            print(String(decoding: bytes.prefix(length), as: UTF8.self), terminator: "")
        }
    }
}
