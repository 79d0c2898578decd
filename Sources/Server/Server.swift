import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// A whole server: takes up what an earlier one left, serves until it is told to stop, and leaves everything in order.
public struct Server: Sendable {
    /// How long agents may take to end the tasks that they were told to end: longer than a task's own grace.
    private static let farewell: Duration = .seconds(15)

    private let configuration: ServerConfiguration
    private let logger: Logger

    /// Describes a server; nothing runs yet.
    public init(configuration: ServerConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    private enum Event: Sendable {
        case servicesEnded
        case toldToStop(stopTasks: Bool)
        case toldToStopNow
        case other
    }

    /// Serves until SIGTERM, which lets tasks that run go on, or SIGINT, which ends them too. A second signal cuts the
    /// waiting short.
    ///
    /// - Parameter onReady: called once when every socket is served.
    /// - Throws: `ServerFailure`, and what the databases and sockets throw when they cannot be opened.
    public func run(onReady: @escaping @Sendable (ServerInfo) async -> Void) async throws {
        let lock = try DataLock(directory: configuration.layout.stateDirectory)
        defer { lock.release() }
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let parts = try await Parts(configuration, logger: logger)
        try await parts.dispatcher.start()
        let readiness = Readiness()
        let services = try serviceGroup(parts, readiness)
        defer { unlink(configuration.layout.infoFile) }
        try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask {
                try await services.run()
                return .servicesEnded
            }
            group.addTask {
                for await signal in signals { return .toldToStop(stopTasks: signal == .sigint) }
                return .other
            }
            group.addTask {
                guard let port = await readiness.port() else { return .other }
                let info = info(parts, port: port)
                try info.write(to: configuration.layout.infoFile)
                await onReady(info)
                return .other
            }
            while let event = try await group.next() {
                switch event {
                case .servicesEnded:
                    return group.cancelAll()
                case .toldToStop(let stopTasks):
                    group.addTask {
                        await parts.dispatcher.shutDown(stopTasks: stopTasks, within: Self.farewell)
                        await services.triggerGracefulShutdown()
                        return .other
                    }
                    group.addTask {
                        for await _ in signals { return .toldToStopNow }
                        return .other
                    }
                case .toldToStopNow:
                    await services.triggerGracefulShutdown()
                case .other:
                    continue
                }
            }
        }
    }

    /// Services stop in the reverse order: first the port, so that no more comes in; the agents' socket last.
    private func serviceGroup(_ parts: Parts, _ readiness: Readiness) throws -> ServiceGroup {
        let doors = try FrontDoors(parts, configuration, logger: logger)
        return ServiceGroup(
            services: [
                doors.sockets { readiness.socketsAreServed() },
                DispatcherService(dispatcher: parts.dispatcher),
                Upkeep(tokens: parts.tokens, logbook: parts.logbook, logger: logger),
                doors.port { readiness.portIsServed($0) },
            ],
            logger: logger)
    }

    private func info(_ parts: Parts, port: Int) -> ServerInfo {
        ServerInfo(
            version: Version.current, host: configuration.host, port: port, project: configuration.project,
            universe: configuration.universe, authorityFile: parts.authority.certificateFile,
            processID: ProcessInfo.processInfo.processIdentifier)
    }
}
