import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Serves all endpoints: each speaks HTTP/1.1, HTTP/2, TLS and gRPC on one port.
public struct GatewayServer: Service {
    private let endpoints: [Endpoint]
    private let limits: Limits
    private let logger: Logger
    private let onListening: @Sendable ([Int]) async -> Void

    /// - Parameter onListening: called once when every endpoint listens, with the ports of the TCP endpoints in
    ///   their order.
    public init(
        endpoints: [Endpoint], limits: Limits = Limits(), logger: Logger,
        onListening: @escaping @Sendable ([Int]) async -> Void = { _ in }
    ) {
        self.endpoints = endpoints
        self.limits = limits
        self.logger = logger
        self.onListening = onListening
    }

    private enum Event: Sendable {
        case stopped
        case graceIsOver
    }

    /// Serves until a graceful shutdown has finished, or until the task is cancelled.
    ///
    /// - Throws: when an endpoint cannot listen.
    public func run() async throws {
        var sockets: [UnixSocket] = []
        defer { for socket in sockets { socket.remove() } }
        try await withThrowingTaskGroup(of: Event.self) { group in
            var ports: [Int] = []
            var servers = 0
            for endpoint in endpoints {
                switch endpoint.address {
                case .tcp(let host, let port):
                    let bound = try await listen(endpoint, at: .hostname(host, port: port), in: &group)
                    servers += 1
                    ports.append(bound)
                    guard host == "localhost" || host == "127.0.0.1" else { continue }
                    servers += 1
                    do {
                        _ = try await listen(endpoint, at: .hostname("::1", port: bound), in: &group)
                    } catch {
                        logger.debug("not listening on ::1", metadata: ["error": "\(error)"])
                    }
                case .unix(let path):
                    let socket = try UnixSocket(path: path)
                    defer { socket.discard() }
                    _ = try await listen(endpoint, at: .unixDomainSocket(path: socket.temporaryPath), in: &group)
                    servers += 1
                    try socket.publish()
                    sockets.append(socket)
                }
            }
            await onListening(ports)
            group.addTask { await waitForGrace() }
            while servers > 0, let event = try await group.next() {
                guard event == .stopped else { break }
                servers -= 1
            }
            group.cancelAll()
        }
    }

    /// Starts to listen; the server runs in the group.
    ///
    /// - Returns: the port; 0 for a Unix socket.
    private func listen(
        _ endpoint: Endpoint, at address: BindAddress, in group: inout ThrowingTaskGroup<Event, any Error>
    ) async throws -> Int {
        let (listening, report) = AsyncThrowingStream.makeStream(of: Int.self)
        let server = Server(
            childChannelSetup: PortChannel(endpoint: endpoint, limits: limits),
            configuration: ServerConfiguration(
                address: address, backlog: 1_024,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
            onServerRunning: { report.yield($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        group.addTask {
            do {
                try await server.run()
                report.finish()
            } catch {
                report.finish(throwing: error)
            }
            return .stopped
        }
        for try await port in listening { return port }
        throw CancellationError()
    }

    private func waitForGrace() async -> Event {
        do {
            try await gracefulShutdown()
            try await Task.sleep(for: limits.grace)
        } catch {
            // The group is cancelled: the servers have stopped before.
        }
        return .graceIsOver
    }
}
