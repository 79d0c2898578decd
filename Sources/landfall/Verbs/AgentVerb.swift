import Agent
import ArgumentParser
import Fleet
import Foundation
import Images
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
    @OptionGroup var options: AgentOptions
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
            ] + options.arguments(openDirectories: options.share), logger: logger)
        try await LocalFleet.superviseAgent(dataDirectory: data, supervisor)
    }

    private func work(_ logger: Logger) async throws {
        let images = await openImages(logger)
        let sandboxes = try await HostSandboxes(
            configuration: .init(
                directory: "\(data)/agent/sandboxes", imageDirectory: images == nil ? nil : imageDirectory)
        ) { loss in
            // At once: the next worker's first words tell the server that the attempts of this one are lost.
            logger.critical("\(loss): the tasks are lost.")
            _exit(Self.startAnew.rawValue)
        }
        var configuration = AgentConfiguration(socketPath: socket, ownerUID: ownerUID)
        configuration.hostDirectories.open = options.share
        let agent = AgentProcess(
            configuration: configuration, sandboxes: sandboxes,
            images: images.map(PulledImages.init) ?? NoImages(), logger: logger)
        let ending = try await agent.run(onLeaving: { noteLeaving(logger) }, onInputEnd: { succeed(logger) })
        // An agent that fails leaves its layers to be pulled again.
        await images?.shutDown()
        if case .startsAnew = ending { throw Self.startAnew }
    }

    private var imageDirectory: String { "\(data)/agent/images" }

    /// The cache of images; scripts run without as well.
    private func openImages(_ logger: Logger) async -> Images? {
        do {
            return try await Images(configuration: options.images(in: imageDirectory), logger: logger)
        } catch {
            logger.error("There are no images: containers cannot run.", metadata: ["error": "\(error)"])
            return nil
        }
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
                executable: Executable.path, dataDirectory: data, socketPath: socket, ownerUID: ownerUID,
                options: options.arguments(openDirectories: options.share))
        } catch {
            logger.critical(
                "No other agent could be started; 'landfall up' starts one.", metadata: ["error": "\(error)"])
        }
    }
}
