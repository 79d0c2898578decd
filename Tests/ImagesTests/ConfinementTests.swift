import Foundation
import Glibc
import ImageSupport
import NIOCore
import TestSupport
import Testing

@testable import Images

@Suite("The program that unpacks layers")
struct ConfinementTests {
    /// Starts the program on half a layer, so that it waits for more in the middle of its work.
    private func withProgram(_ body: (_ unpacking: pid_t, _ directory: String) async throws -> Void) async throws {
        let directory = "/var/tmp/landfall-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let unpacker = try Unpacker(
            program: try ImagesConfiguration(directory: directory).unpackerPath(), directory: directory,
            limits: LayerLimits(entries: 1000, bytes: 1_000_000))
        do {
            let text = String(repeating: "x", count: 300_000)
            let half = TarArchive.bytes([.file("first"), .file("second", text)]).prefix(2000)
            #expect(try await unpacker.write(ByteBuffer(bytes: half)))
            let unpacking = try await child(of: unpacker.pid) {
                FileManager.default.fileExists(atPath: "\(directory)/second")
            }
            try await body(unpacking, directory)
        } catch {
            await unpacker.stop()
            throw error
        }
        await unpacker.stop()
    }

    /// The process that the program has started, once something holds.
    private func child(of program: pid_t, when holds: () -> Bool) async throws -> pid_t {
        for _ in 0..<6000 {
            let text = try? String(contentsOfFile: "/proc/\(program)/task/\(program)/children", encoding: .utf8)
            if holds(), let text, let child = pid_t(text.filter { $0 != " " }) { return child }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestFailure("the program does not unpack")
    }

    @Test("It has four capabilities, a filter of system calls, no network, and the layer's directory as its root")
    func confined() async throws {
        try await withProgram { unpacking, directory in
            let status = try String(contentsOfFile: "/proc/\(unpacking)/status", encoding: .utf8)
            let lines = Set(status.split(separator: "\n").map { $0.filter { $0 != "\t" && $0 != " " } })
            // To change owners, to write and set modes whosever a file is, to keep setgid bits.
            for line in ["CapEff:000000000000001b", "CapPrm:000000000000001b", "CapBnd:0000000000000000"] {
                #expect(lines.contains(line))
            }
            #expect(lines.isSuperset(of: ["CapInh:0000000000000000", "NoNewPrivs:1", "Seccomp:2"]))
            let root = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(unpacking)/root/")
            #expect(Set(root) == ["first", "second"])
            let network = try String(contentsOfFile: "/proc/\(unpacking)/net/dev", encoding: .utf8)
            #expect(network.split(separator: "\n").dropFirst(2).allSatisfy { $0.contains("lo:") })
            let mounts = try String(contentsOfFile: "/proc/\(unpacking)/mounts", encoding: .utf8)
            #expect(mounts.split(separator: "\n").count == 1)
            #expect(["nosuid", "nodev", "noexec"].allSatisfy { mounts.contains($0) })
        }
    }

    @Test("It ends with whom it was started by")
    func killed() async throws {
        try await withProgram { unpacking, _ in
            let text = try String(contentsOfFile: "/proc/\(unpacking)/stat", encoding: .utf8)
            // After the name in parentheses: the state, and the parent.
            let parent = try #require(
                text.split(separator: ")").last?.split(separator: " ").dropFirst().first.map(String.init))
            kill(try #require(pid_t(parent)), SIGKILL)
            for _ in 0..<6000 where FileManager.default.fileExists(atPath: "/proc/\(unpacking)/root/first") {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(!FileManager.default.fileExists(atPath: "/proc/\(unpacking)/root/first"))
        }
    }
}
