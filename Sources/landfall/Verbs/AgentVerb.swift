import Agent
import ArgumentParser
import Fleet
import Foundation
import Logging
import Sandbox
import Server

/// The process that `landfall up` leaves beside the server: it keeps a worker alive, which runs the tasks.
struct AgentVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Run tasks for the server of a data directory.", shouldDisplay: false)

    @Option(help: "The server's data directory.") var data: String
    @Option(help: "The socket at which the server listens for agents.") var socket: String
    @Option(help: "The account that must own the socket.") var ownerUID: UInt32
    @Flag(help: .hidden) var worker = false

    /// How a worker says that it is to be started anew (EX_TEMPFAIL of sysexits.h).
    private static let startAnew = ExitCode(75)
    /// An agent has long reached its server by then, where there is one.
    private static let settled: Duration = .seconds(2)

    func run() async throws {
        guard geteuid() == 0 else { throw CommandFailure("An agent needs root, to give each task its own user.") }
        let logger = Logger(label: worker ? "landfall.agent" : "landfall.supervisor")
        let settling = Task {
            try await Task.sleep(for: Self.settled)
            FreedMemory.startIsOver()
        }
        defer { settling.cancel() }
        if worker { try await work(logger) } else { try await supervise(logger) }
    }

    private func supervise(_ logger: Logger) async throws {
        let supervisor = AgentSupervisor(
            executable: Executable.path,
            arguments: [
                "agent", "--worker", "--data", data, "--socket", socket, "--owner-uid", String(ownerUID),
            ], logger: logger)
        try await LocalFleet.superviseAgent(dataDirectory: data, supervisor)
    }

    private func work(_ logger: Logger) async throws {
        let sandboxes = try await HostSandboxes(configuration: .init(directory: "\(data)/agent/sandboxes")) { loss in
            // At once: the next worker's first words tell the server that the attempts of this one are lost.
            logger.critical("\(loss): the tasks are lost.")
            _exit(Self.startAnew.rawValue)
        }
        let configuration = AgentConfiguration(socketPath: socket, ownerUID: ownerUID)
        let agent = AgentProcess(configuration: configuration, sandboxes: sandboxes, logger: logger)
        let ending = try await agent.run(onLeaving: { noteLeaving(logger) }, onInputEnd: { succeed(logger) })
        if case .startsAnew = ending { throw Self.startAnew }
    }

    private func noteLeaving(_ logger: Logger) {
        do {
            try LocalFleet.noteLeaving(dataDirectory: data)
        } catch {
            // The directory may be gone: then so is whoever would want to know.
            logger.debug("The agent leaves without a note.", metadata: ["error": "\(error)"])
        }
    }

    /// Starts another agent when this one's supervisor has died: the server, which is not root, cannot.
    private func succeed(_ logger: Logger) {
        do {
            try LocalFleet.ensureAgent(
                executable: Executable.path, dataDirectory: data, socketPath: socket, ownerUID: ownerUID)
        } catch {
            logger.critical(
                "No other agent could be started; 'landfall up' starts one.", metadata: ["error": "\(error)"])
        }
    }
}
