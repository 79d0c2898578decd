import Foundation
import Glibc
import Sandbox
import SystemPackage
import Testing

/// Sandboxes for a test, in a directory of its own that is removed after it.
func withSandboxes<Value>(
    images: String? = nil, launcher: String? = nil, _ body: (HostSandboxes) async throws -> Value
) async throws -> Value {
    let directory = "/var/tmp/landfall-test-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let sandboxes = try await HostSandboxes(
        configuration: .init(
            directory: directory, launcher: launcher, imageDirectory: images, runtime: TestRuntime.current))
    do {
        let value = try await body(sandboxes)
        await sandboxes.shutDown()
        return value
    } catch {
        await sandboxes.shutDown()
        throw error
    }
}

/// What a script printed and how it ended.
struct Outcome: Sendable {
    var output: String
    var errors: String
    var end: ProcessEnd
    var usage = SandboxUsage()

    var lines: [String] { output.split(separator: "\n").map(String.init) }
}

let alice = SandboxSpec.User.account(
    name: "alice_example_com", uid: 60_001, gid: 60_001, home: "/home/alice_example_com", shell: "/bin/bash")

extension SandboxSpec {
    /// A small sandbox with an id of its own.
    static func small(_ user: User = alice, memoryMiB: Int = 256) -> SandboxSpec {
        SandboxSpec(
            id: "t-\(UUID().uuidString.lowercased())", user: user, hostname: "task-0", cpuMilli: 1000,
            memoryMiB: memoryMiB)
    }
}

extension TaskSandbox {
    /// Runs a script to its end, and to the end of its output.
    func run(_ script: String, home: String = "/home/alice_example_com") async throws -> Outcome {
        try await run(.script(text: script), home: home)
    }

    func run(_ program: ProcessSpec.Program, home: String = "/home/alice_example_com") async throws -> Outcome {
        let environment = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home]
        let process = try await start(ProcessSpec(program: program, environment: environment))
        async let output = text(of: process.output)
        async let errors = text(of: process.errors)
        let end = await process.end()
        return try await Outcome(output: output, errors: errors, end: end)
    }
}

extension HostSandboxes {
    /// Opens a sandbox, runs a script in it, and closes it.
    func once(_ script: String, as user: SandboxSpec.User = alice, memoryMiB: Int = 256) async throws -> Outcome {
        let sandbox = try await open(.small(user, memoryMiB: memoryMiB))
        let home = user == .root ? "/root" : "/home/alice_example_com"
        do {
            var outcome = try await sandbox.run(script, home: home)
            outcome.usage = await sandbox.close()
            return outcome
        } catch {
            _ = await sandbox.close()
            throw error
        }
    }
}

/// All that comes out of a pipe; closes it.
func text(of file: FileDescriptor) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(
                with: Result {
                    try file.closeAfter {
                        // The test may wait here, on a thread of its own.
                        _ = fcntl(file.rawValue, F_SETFL, 0)
                        var bytes: [UInt8] = []
                        while true {
                            let part = try [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
                                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                            }
                            if part.isEmpty { return String(decoding: bytes, as: UTF8.self) }
                            bytes += part
                        }
                    }
                })
        }
    }
}

/// Whether this machine can run these tests. In CI it must.
let isCapable = geteuid() == 0 || ProcessInfo.processInfo.environment["CI"] == "true"
let needsRoot: Comment = "sandboxes need root"
