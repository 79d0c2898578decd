import Foundation
import Logging
import SystemPackage
import Testing

@testable import Fleet

@Suite("The fleet of one machine", .timeLimit(.minutes(10)))
struct FleetTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A supervisor of a worker that runs a shell script.
    private func supervisor(_ script: String) -> AgentSupervisor {
        AgentSupervisor(
            executable: "/bin/sh", arguments: ["-c", script], logger: quiet, shortestPause: .milliseconds(1))
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
            let supervisor = supervisor("echo x >> \(count); test $(wc -l < \(count)) -ge 3 || kill -9 $$")
            try await supervisor.run(until: SupervisorEnding())
            #expect(try String(contentsOfFile: count, encoding: .utf8) == "x\nx\nx\n")
        }
    }

    @Test("hands SIGTERM on, and starts no other worker")
    func stop() async throws {
        try await withTemporaryDirectory { directory in
            let trace = directory + "/trace"
            let supervisor = supervisor(
                "trap 'echo ended >> \(trace); exit 3' TERM; echo up >> \(trace); while :; do sleep 0.01; done")
            let ending = SupervisorEnding()
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
            try await supervisor("readlink /proc/self/fd/0 > \(directory)/stdin").run(until: SupervisorEnding())
            #expect(try String(contentsOfFile: directory + "/stdin", encoding: .utf8).hasPrefix("pipe:"))
        }
    }

    @Test("starts an agent where none is alive")
    func ensure() async throws {
        try await withTemporaryDirectory { directory in
            let isStarted = try LocalFleet.ensureAgent(
                executable: "/bin/echo", dataDirectory: directory, socketPath: "/run/s", ownerUID: 7)
            #expect(isStarted)
            let log = try await contents(of: directory + "/agent/agent.log")
            #expect(log == "agent --data \(directory) --socket /run/s --owner-uid 7\n")
        }
    }

    @Test("keeps the end of a log that has become long, and lets its writers go on")
    func log() async throws {
        try await withTemporaryDirectory { path in
            let directory = try AgentDirectory(dataDirectory: path)
            let log = try directory.openLog()
            defer { try? log.close() }
            try log.writeAll("0123456789".utf8)
            try directory.shortenLog(to: 10)
            #expect(try String(contentsOfFile: path + "/agent/agent.log", encoding: .utf8) == "0123456789")
            try log.writeAll("abc".utf8)
            try directory.shortenLog(to: 10)
            try log.writeAll("new".utf8)
            #expect(try String(contentsOfFile: path + "/agent/agent.log", encoding: .utf8) == "new")
            #expect(try String(contentsOfFile: path + "/agent/agent.log.1", encoding: .utf8) == "3456789abc")
        }
    }

    @Test("leaves an agent alone that is alive, and lets no second one work")
    func alive() async throws {
        try await withTemporaryDirectory { directory in
            let start = {
                try LocalFleet.ensureAgent(
                    executable: "/nonexistent", dataDirectory: directory, socketPath: "/run/s", ownerUID: 7)
            }
            let lock = try AgentDirectory(dataDirectory: directory).lock()
            let isHeld = lock != nil
            #expect(isHeld)
            #expect(try !start())
            await #expect(throws: FleetError.self) {
                try await LocalFleet.superviseAgent(dataDirectory: directory, supervisor("exit 0"))
            }
            lock?.release()
            #expect(throws: FleetError.self) { try start() }
            try await LocalFleet.superviseAgent(dataDirectory: directory, supervisor("exit 0"))
        }
    }

    @Test("waits for the end of an agent that leaves, and starts another")
    func succession() async throws {
        try await withTemporaryDirectory { directory in
            let run = Task {
                let supervisor = supervisor("until test -e \(directory)/go; do sleep 0.01; done")
                try await LocalFleet.superviseAgent(dataDirectory: directory, supervisor)
            }
            while try AgentDirectory(dataDirectory: directory).lock() != nil {
                try await Task.sleep(for: .milliseconds(1))
            }
            try LocalFleet.noteLeaving(dataDirectory: directory)
            let successor = Task.detached {
                try LocalFleet.ensureAgent(
                    executable: "/bin/echo", dataDirectory: directory, socketPath: "/run/s", ownerUID: 7)
            }
            try await Task.sleep(for: .milliseconds(50))
            try Data().write(to: URL(filePath: directory + "/go"))
            #expect(try await successor.value)
            try await run.value
        }
    }

    @Test("ends the worker of a data directory that is gone")
    func gone() async throws {
        try await withTemporaryDirectory { directory in
            let data = directory + "/data"
            mkdir(data, 0o700)
            let trace = directory + "/trace"
            let supervisor = supervisor("trap 'exit 3' TERM; echo up > \(trace); while :; do sleep 0.01; done")
            let run = Task { try await LocalFleet.superviseAgent(dataDirectory: data, supervisor) }
            _ = try await contents(of: trace)
            try FileManager.default.removeItem(atPath: data)
            try await run.value
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
