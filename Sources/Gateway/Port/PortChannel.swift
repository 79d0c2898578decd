import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import Tunnels

/// What a connection has turned out to be.
enum Connection: Sendable {
    case http1(HTTP1Channel, HTTP1Channel.Value)
    case http2(HTTP2Connection, HTTP2Connection.Streams)
    case tunnel(Tunnel, TunnelEnd)
}

/// How a connection came to its protocol.
struct Link: Sendable {
    var peer: Endpoint.Peer
    /// The host of the CONNECT that it came through.
    var tunnelHost: String?
    /// Its place among the connections of its listener.
    let presence: OpenConnections.Presence
}

/// The connections of one endpoint: tells protocols apart and hands the requests to `Exchange`.
struct PortChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let connection: EventLoopFuture<Connection>
        let channel: any Channel
    }

    /// The most that the header of a CONNECT may have, in bytes.
    private static let longestConnect = 16 * 1024

    let endpoint: Endpoint
    let limits: Limits
    private let secure: SecureChannel?
    private let tunnels: TunnelSlots
    private let connections: OpenConnections

    init(endpoint: Endpoint, limits: Limits) {
        self.endpoint = endpoint
        self.limits = limits
        secure = endpoint.certificates.map { SecureChannel(certificates: CertificateCache(source: $0)) }
        tunnels = TunnelSlots(limits.tunnels)
        connections = OpenConnections(limit: limits.connections)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let settled = channel.eventLoop.makePromise(of: Connection.self)
            let timeout = SettlingTimeout(limits.settling)
            try channel.pipeline.syncOperations.addHandlers([StalledWrites(limits.idle), timeout])
            settled.futureResult.assumeIsolated().whenSuccess { _ in
                channel.pipeline.syncOperations.removeHandler(timeout, promise: nil)
            }
            channel.closeFuture.whenComplete { _ in settled.fail(ChannelError.eof) }
            let peer = Endpoint.Peer(address: channel.remoteAddress?.ipAddress)
            try sniff(channel, Link(peer: peer, presence: connections.add(channel)), settled, logger)
            return Value(connection: settled.futureResult, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskCancellationHandler {
            do {
                switch try await value.connection.get() {
                case .http1(let http, let channel): await http.handle(value: channel, logger: logger)
                case .http2(let http, let streams): await http.run(streams, logger: logger)
                case .tunnel(let tunnel, let channel): try await tunnel.run(client: channel)
                }
            } catch {
                logger.trace("connection ended", metadata: ["error": "\(error)"])
            }
        } onCancel: {
            // A connection that is still unsettled would keep the server from stopping.
            value.channel.close(promise: nil)
        }
        value.channel.close(promise: nil)
    }

    /// Waits for the first bytes, of the connection or of what comes through its tunnel.
    private func sniff(
        _ channel: any Channel, _ link: Link, _ settled: EventLoopPromise<Connection>, _ logger: Logger
    ) throws {
        let firstBytes = FirstBytes { wire in
            switch wire {
            case .tls where secure != nil && !link.peer.isSecure:
                var link = link
                link.peer.isSecure = true
                let secured = link
                try secure?.install(on: channel, fallbackName: link.tunnelHost) { wire in
                    wire == .http2 ? http2(channel, secured, logger) : http1(channel, secured, logger)
                }.cascade(to: settled)
            case .http2: http2(channel, link, logger).cascade(to: settled)
            case .connect where endpoint.proxy != nil && link.tunnelHost == nil:
                try channel.readConnect(longest: Self.longestConnect) { head in
                    try connect(channel, link, to: try HostAndPort(ofConnect: head), settled, logger)
                }
            case .http1, .connect: http1(channel, link, logger).cascade(to: settled)
            case .tls: throw ChannelError.operationUnsupported
            }
        }
        try channel.pipeline.syncOperations.addHandler(firstBytes)
    }

    /// A CONNECT: our own names are answered here, whatever the client speaks next; others become a tunnel.
    private func connect(
        _ channel: any Channel, _ link: Link, to target: HostAndPort, _ settled: EventLoopPromise<Connection>,
        _ logger: Logger
    ) throws {
        guard let policy = endpoint.proxy, let port = target.port else { throw ChannelError.operationUnsupported }
        let isLocal = channel.remoteAddress?.isLoopback ?? false
        switch policy.verdict(host: target.host, port: port, clientIsLocal: isLocal) {
        case .refuse(let refusal): throw refusal
        case .answer:
            channel.writeAndFlush(TunnelEnd.established, promise: nil)
            let within = Link(peer: link.peer, tunnelHost: target.host, presence: link.presence)
            try sniff(channel, within, settled, logger)
        case .forward:
            // Its traffic tells when it is idle.
            link.presence.begin()
            let tunnel = Tunnel(target: target, policy: policy, limits: limits, slots: tunnels)
            settled.succeed(
                .tunnel(tunnel, try TunnelEnd.wrap(channel, idle: TimeAmount(limits.tunnelIdle)).keptUntilClosed()))
        }
    }

    private func http1(_ channel: any Channel, _ link: Link, _ logger: Logger) -> EventLoopFuture<Connection> {
        let targets = RequestTargets()
        let exchange = Exchange(
            endpoint: endpoint, limits: limits, link: link, targets: targets, logger: logger)
        let http = HTTP1Channel(
            responder: { try await exchange.respond(to: $0, with: $1, on: $2) },
            configuration: .init(
                additionalChannelHandlers: [RequestBodyTimeout(limits)],
                idleTimeout: TimeAmount(limits.idle),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                    maxHeaderFieldCount: limits.headerFields)))
        return RequestHeadTimeout.install(on: channel, timeout: limits.requestHead) {
            http.setup(channel: channel, logger: logger)
        }.flatMapThrowing { value in
            try targets.install(on: channel)
            try MalformedRequest.install(on: channel, limits: limits)
            return .http1(http, value.keptUntilClosed())
        }
    }

    private func http2(_ channel: any Channel, _ link: Link, _ logger: Logger) -> EventLoopFuture<Connection> {
        let exchange = Exchange(endpoint: endpoint, limits: limits, link: link, targets: nil, logger: logger)
        let http = HTTP2Connection(limits: limits, presence: link.presence) {
            try await exchange.respond(to: $0, with: $1, on: $2)
        }
        return channel.eventLoop.makeCompletedFuture { .http2(http, try http.install(on: channel)) }
    }
}
