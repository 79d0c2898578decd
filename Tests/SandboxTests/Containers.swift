import Foundation
import Glibc
import Sandbox
import Testing

/// A directory of images for a test, with busybox in a layer of its own.
struct TestImages: Sendable {
    let directory: String

    /// The layer that has busybox, as Debian's busybox-static brings it.
    var busybox: String { "\(directory)/busybox" }

    /// Programs of busybox that tests call by name.
    private static let programs = [
        "sh", "id", "ls", "cat", "echo", "mount", "umount", "sleep", "ps", "hostname", "touch", "rm", "mkdir", "ln",
        "stat", "head", "dd", "true", "env", "pwd", "grep", "kill", "chmod", "chown", "mknod", "insmod", "wc", "tail",
        "nc", "ip", "wget", "test", "readlink", "setsid", "usleep", "awk", "tr", "unshare", "find", "df", "seq",
    ]

    init() throws {
        directory = "/var/tmp/landfall-images-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try makeLayer("busybox")
        try FileManager.default.copyItem(atPath: "/bin/busybox", toPath: "\(busybox)/bin/busybox")
        for program in Self.programs {
            try FileManager.default.createSymbolicLink(
                atPath: "\(busybox)/bin/\(program)", withDestinationPath: "busybox")
        }
        try write("root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:App:/home/app:/bin/sh\n", to: "busybox/etc/passwd")
        try write("root:x:0:\nstaff:x:50:app\napp:x:1001:\n", to: "busybox/etc/group")
        chmod("\(busybox)/tmp", 0o1777)
    }

    /// Makes another layer: an empty tree with the usual directories.
    @discardableResult
    func makeLayer(_ name: String, directories: [String] = ["bin", "etc", "tmp"]) throws -> String {
        for place in [""] + directories {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(name)/\(place)", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755])
        }
        return "\(directory)/\(name)"
    }

    /// Writes a file of a layer.
    func write(_ text: String, to path: String) throws {
        try text.write(toFile: "\(directory)/\(path)", atomically: false, encoding: .utf8)
        chmod("\(directory)/\(path)", 0o644)
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }
}

/// What runs the containers of a test.
enum TestRuntime {
    @TaskLocal static var current = ContainerRuntime.onThisHost()
}

/// Sandboxes and images for a test; both are removed after it.
func withContainers<Value>(_ body: (HostSandboxes, TestImages) async throws -> Value) async throws -> Value {
    let images = try TestImages()
    defer { images.remove() }
    return try await withSandboxes(images: images.directory) { try await body($0, images) }
}

extension ContainerSpec {
    /// A shell of busybox that runs a script.
    static func shell(
        _ script: String, _ images: TestImages, layers: [String] = [], user: String = "", mounts: [Mount] = [],
        writesToMemory: Bool = true, blocksExternalNetwork: Bool = false
    ) -> ContainerSpec {
        ContainerSpec(
            layers: [images.busybox] + layers, arguments: ["sh", "-c", script], user: user, mounts: mounts,
            writesToMemory: writesToMemory, blocksExternalNetwork: blocksExternalNetwork)
    }
}

extension SandboxSpec {
    /// A small sandbox for containers.
    static func containers(
        _ user: User = .root, memoryMiB: Int = 256, job: String? = nil, volumes: [SandboxVolume] = []
    ) -> SandboxSpec {
        var spec = SandboxSpec.small(user, memoryMiB: memoryMiB)
        spec.programs = .containers
        spec.job = job
        spec.volumes = volumes
        return spec
    }
}

extension TaskSandbox {
    /// Runs a container to its end, and to the end of its output.
    func run(_ container: ContainerSpec, environment: [String: String] = [:]) async throws -> Outcome {
        let path = ["PATH": "/bin"].merging(environment) { $1 }
        let process = try await start(ProcessSpec(program: .container(container), environment: path))
        async let output = text(of: process.output)
        async let errors = text(of: process.errors)
        let end = await process.end()
        return try await Outcome(output: output, errors: errors, end: end)
    }
}

extension HostSandboxes {
    /// Opens a sandbox, runs a container in it, and closes it.
    func once(_ container: ContainerSpec, in spec: SandboxSpec = .containers()) async throws -> Outcome {
        let sandbox = try await open(spec)
        do {
            var outcome = try await sandbox.run(container)
            outcome.usage = await sandbox.close()
            return outcome
        } catch {
            _ = await sandbox.close()
            throw error
        }
    }
}

/// Whether this machine has what these tests are made of besides root. In CI it must.
let runsContainers =
    isCapable
    && (["/usr/bin/crun", "/bin/busybox"].allSatisfy(FileManager.default.isExecutableFile)
        || ProcessInfo.processInfo.environment["CI"] == "true")
let needsContainers: Comment = "containers need root, crun and busybox-static"
