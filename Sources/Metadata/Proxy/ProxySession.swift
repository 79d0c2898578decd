import NIOCore
import NIOPosix

/// A CONNECT through a task's proxy: bytes pass untouched in both directions until both ends have finished.
struct ProxySession: Sendable {
    typealias Bytes = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private static let established = "HTTP/1.1 200 Connection Established\r\n\r\n"
    /// How long a tunnel may be without traffic.
    private static let idle = TimeAmount.minutes(10)

    let routes: ProxyRoutes
    let target: ProxyTarget

    /// Prepares a connection; what comes in from here on waits.
    static func wrap(_ channel: any Channel) throws -> Bytes {
        try channel.pipeline.syncOperations.addHandlers([IdleStateHandler(allTimeout: idle), CloseWhenIdle()])
        return try Bytes(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true, inboundType: ByteBuffer.self))
    }

    /// Connects, answers, and copies. Returns when both connections are closed.
    func run(_ client: Bytes) async {
        try? await client.executeThenClose { fromClient, toClient in
            do {
                let (upstream, isServer) = try await connect(on: client.channel.eventLoop)
                try await upstream.executeThenClose { fromUpstream, toUpstream in
                    if isServer {
                        // It tells the client itself, and whether it serves the port.
                        try await toUpstream.write(ByteBuffer(string: target.request))
                    } else {
                        try await toClient.write(ByteBuffer(string: Self.established))
                    }
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try await copy(fromClient, to: toUpstream) }
                        group.addTask { try await copy(fromUpstream, to: toClient) }
                        // The first failure ends both directions; a direction that merely finishes does not.
                        try await group.waitForAll()
                    }
                }
            } catch let refusal as ProxyRefusal {
                try await toClient.write(ByteBuffer(string: refusal.response))
            }
        }
    }

    private func connect(on loop: any EventLoop) async throws -> (Bytes, isServer: Bool) {
        guard let server = routes.server() else {
            throw ProxyRefusal.unavailable("The server is not there. Try again in a moment.\n")
        }
        guard server.answers(to: target.host) else {
            return (try await OutboundRoute(routes: routes, target: target).connect(on: loop), false)
        }
        do {
            let bytes = try await ClientBootstrap(group: loop)
                .connectTimeout(.seconds(10))
                .channelOption(.allowRemoteHalfClosure, value: true)
                .connect(host: server.host, port: server.port) { channel in
                    channel.eventLoop.makeCompletedFuture { try Self.wrap(channel) }
                }
            return (bytes, true)
        } catch {
            throw ProxyRefusal.unavailable("The server cannot be reached. Try again in a moment.\n")
        }
    }

    /// Waits for the slower side; passes on the end of the input alone.
    private func copy(
        _ source: NIOAsyncChannelInboundStream<ByteBuffer>, to sink: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        for try await bytes in source { try await sink.write(bytes) }
        sink.finish()
    }
}

extension ProxyTarget {
    /// What the server is asked: anew, with nothing in it that the task wrote but a name and a port. The server is no
    /// proxy for what comes through its own names.
    fileprivate var request: String { "CONNECT \(host):\(port) HTTP/1.1\r\nHost: \(host):\(port)\r\n\r\n" }
}

/// Closes a tunnel without traffic.
final class CloseWhenIdle: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
