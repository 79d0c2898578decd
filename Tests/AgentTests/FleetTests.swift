import Fleet
import Foundation
import Logging
import Testing

@Suite("The fleet of one machine", .timeLimit(.minutes(1)))
struct FleetTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Makes an executable script.
    private func script(_ text: String, in directory: String) throws -> String {
        let path = directory + "/script"
        try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o700)
        return path
    }

    /// Waits until a file has something in it; returns that.
    private func contents(of path: String) async throws -> String {
        while true {
            if let text = try? String(contentsOfFile: path, encoding: .utf8), text.hasSuffix("\n") { return text }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("starts a worker again when it dies, and ends when it ends well")
    func restart() async throws {
        try await withTemporaryDirectory { directory in
            let count = directory + "/count"
            let worker = try script("echo x >> \(count); test $(wc -l < \(count)) -ge 3 || kill -9 $$", in: directory)
            let supervisor = AgentSupervisor(
                executable: worker, arguments: [], logger: quiet, shortestPause: .milliseconds(1))
            try await supervisor.run(until: SupervisorEnding())
            #expect(try String(contentsOfFile: count, encoding: .utf8) == "x\nx\nx\n")
        }
    }

    @Test("hands SIGTERM on, and starts no other worker")
    func stop() async throws {
        try await withTemporaryDirectory { directory in
            let trace = directory + "/trace"
            let worker = try script(
                "trap 'echo ended >> \(trace); exit 3' TERM; echo up >> \(trace); while :; do sleep 0.01; done",
                in: directory)
            let ending = SupervisorEnding()
            let supervisor = AgentSupervisor(executable: worker, arguments: [], logger: quiet)
            let run = Task { try await supervisor.run(until: ending) }
            #expect(try await contents(of: trace) == "up\n")
            ending.stop()
            try await run.value
            #expect(try String(contentsOfFile: trace, encoding: .utf8) == "up\nended\n")
        }
    }

    @Test("gives workers a standard input that ends with the supervisor")
    func lifeline() async throws {
        try await withTemporaryDirectory { directory in
            let worker = try script("readlink /proc/self/fd/0 > \(directory)/stdin", in: directory)
            try await AgentSupervisor(executable: worker, arguments: [], logger: quiet).run(until: SupervisorEnding())
            #expect(try String(contentsOfFile: directory + "/stdin", encoding: .utf8).hasPrefix("pipe:"))
        }
    }

    @Test("starts an agent where none is alive")
    func ensure() async throws {
        try await withTemporaryDirectory { directory in
            let agent = try script("echo \"$@\"; echo failed >&2", in: directory)
            let isStarted = try LocalFleet.ensureAgent(
                executable: agent, dataDirectory: directory, socketPath: "/run/s", ownerUID: 7)
            #expect(isStarted)
            let log = try await contents(of: directory + "/agent/agent.log")
            #expect(log.hasPrefix("agent --data \(directory) --socket /run/s --owner-uid 7\n"))
        }
    }

    @Test("leaves an agent alone that is alive")
    func alive() async throws {
        try await withTemporaryDirectory { directory in
            let lock = try AgentDirectory(dataDirectory: directory).lock()
            let isHeld = lock != nil
            #expect(isHeld)
            let isStarted = try LocalFleet.ensureAgent(
                executable: "/nonexistent", dataDirectory: directory, socketPath: "/run/s", ownerUID: 7)
            #expect(!isStarted)
            _ = consume lock
            #expect(throws: FleetError.self) {
                try LocalFleet.ensureAgent(
                    executable: "/nonexistent", dataDirectory: directory, socketPath: "/run/s", ownerUID: 7)
            }
        }
    }

    @Test("does not use an agent directory that others can enter, or that is elsewhere")
    func directories() async throws {
        try await withTemporaryDirectory { directory in
            mkdir(directory + "/agent", 0o700)
            chmod(directory + "/agent", 0o755)
            #expect(throws: FleetError.self) { _ = try AgentDirectory(dataDirectory: directory).lock() }
            rmdir(directory + "/agent")
            symlink("/tmp", directory + "/agent")
            #expect(throws: FleetError.self) { _ = try AgentDirectory(dataDirectory: directory).lock() }
        }
    }
}
