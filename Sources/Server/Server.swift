import Denials
import Directory
import Dispatcher
import Foundation
import Logbook
import Logging
import Registry
import Secrets
import ServiceLifecycle
import Store
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

    /// Serves until SIGTERM, which lets tasks that run go on, or SIGINT, which ends them too. A second signal
    /// ends the process at once; the next start takes up what it left.
    ///
    /// - Parameter onReady: called once when every socket is served.
    /// - Throws: `ServerFailure`, and what the databases and sockets throw when they cannot be opened.
    public func run(onReady: @escaping @Sendable (ServerInfo) async -> Void) async throws {
        let lock = try DataLock(configuration.layout)
        defer { lock.release() }
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let parts = try await takeUp()
        let readiness = Readiness()
        let services = try serviceGroup(parts, readiness)
        defer { unlink(configuration.layout.infoFile) }
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await announce(parts, readiness, onReady) }
            group.addTask { await stop(services, parts.dispatcher, at: signals) }
            try await services.run()
            group.cancelAll()
        }
    }

    /// Opens what there is, and takes up what was under way.
    private func takeUp() async throws -> Parts {
        do {
            let parts = try await Parts(configuration, logger: logger)
            try await parts.dispatcher.start()
            try await parts.endJobsOfDeletedProjects()
            try await parts.endExecutionsOfDeletedJobs()
            return parts
        } catch StoreError.noSpace, LogbookError.noSpace, DenialLogError.noSpace, RegistryError.noSpace,
            SecretStoreError.noSpace
        {
            throw ServerFailure("The disk of \(configuration.layout.root) is full: make room, and start again.")
        } catch SecretStoreError.wrongKey {
            throw ServerFailure(
                "\(configuration.layout.secretsKey) is missing or is no key, and the values of secrets are sealed with "
                    + "it. Nothing was started: put it back from a copy of the data directory.")
        } catch DirectoryError.unreadable(let kind, let key) {
            throw ServerFailure(
                "\(configuration.layout.database) has a record that cannot be read: \(kind) '\(key)'. Nothing was started: "
                    + "without it calls could be allowed or refused that should not be. Put back a copy of the data "
                    + "directory as it was before.")
        }
    }

    private func announce(
        _ parts: Parts, _ readiness: Readiness, _ onReady: @Sendable (ServerInfo) async -> Void
    ) async throws {
        guard let port = await readiness.port() else { return }
        let info = info(parts, port: port)
        try info.write(to: configuration.layout.infoFile)
        await onReady(info)
    }

    private func stop(_ services: ServiceGroup, _ dispatcher: Dispatcher, at signals: UnixSignalsSequence) async {
        guard let first = await signals.first(where: { _ in true }) else { return }
        for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
        await dispatcher.shutDown(stopTasks: first == .sigint, agents: 1, within: Self.farewell)
        await services.triggerGracefulShutdown()
    }

    /// Services stop in the reverse order: first the port, so that no more comes in; the agents' socket last.
    private func serviceGroup(_ parts: Parts, _ readiness: Readiness) throws -> ServiceGroup {
        let doors = try FrontDoors(parts, configuration, logger: logger)
        let services: [(name: String, service: any Service)] = [
            ("sockets", doors.sockets { readiness.socketsAreServed() }),
            ("dispatcher", DispatcherService(dispatcher: parts.dispatcher)),
            ("call logs", CallLogs(audit: parts.audit, denials: parts.denials)),
            (
                "upkeep",
                Upkeep(
                    directory: parts.directory, tokens: parts.tokens, keys: parts.credentials.systemKeys,
                    logbook: parts.logbook, images: parts.images, secrets: parts.secrets,
                    logger: logger)
            ),
            ("port", doors.port { readiness.portIsServed($0) }),
        ]
        return ServiceGroup(
            configuration: ServiceGroupConfiguration(
                // Without a name of its own each would be described with everything in it, which takes longer than the
                // whole start.
                services: services.map { .init(service: $0.service, serviceName: $0.name) }, logger: logger))
    }

    private func info(_ parts: Parts, port: Int) -> ServerInfo {
        ServerInfo(
            version: Version.current, host: configuration.host, port: port, project: parts.project,
            universe: configuration.universe, authorityFile: parts.authority.certificateFile,
            processID: ProcessInfo.processInfo.processIdentifier)
    }
}
