import NIOCore
import NIOPosix
import Synchronization

/// A CONNECT to a foreign host: bytes pass untouched in both directions until both ends have finished.
struct Tunnel: Sendable {
    typealias Bytes = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    let target: HostAndPort
    let policy: ProxyPolicy
    let limits: Limits
    let slots: TunnelSlots

    /// Prepares the client's connection; what it sends from here on waits.
    static func wrap(_ channel: any Channel, idle: Duration? = nil) throws -> Bytes {
        if let idle {
            try channel.pipeline.syncOperations.addHandlers([
                IdleStateHandler(allTimeout: TimeAmount(idle)), CloseWhenIdle(),
            ])
        }
        return try Bytes(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true, inboundType: ByteBuffer.self))
    }

    /// Connects, answers the CONNECT, and copies. Returns when the tunnel is closed.
    func run(client: Bytes) async throws {
        let port = client.channel.localAddress?.port
        try await client.executeThenClose { fromClient, toClient in
            guard slots.take() else {
                return try await toClient.write(Refusal.busy("Too many tunnels are open.\n").response)
            }
            defer { slots.giveBack() }
            let upstream: Bytes
            do {
                upstream = try await connect(on: client.channel.eventLoop)
            } catch let refusal as Refusal {
                return try await toClient.write(refusal.response)
            }
            try await upstream.executeThenClose { fromUpstream, toUpstream in
                let ends = upstream.channel
                if let refusal = policy.refusal(peer: ends.remoteAddress, ownEnd: ends.localAddress, port: port) {
                    return try await toClient.write(refusal.response)
                }
                try await toClient.write(ByteBuffer(string: ConnectHandler.established))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await copy(fromClient, to: toUpstream) }
                    group.addTask { try await copy(fromUpstream, to: toClient) }
                    // The first failure ends both directions; a direction that merely finishes does not.
                    try await group.waitForAll()
                }
            }
        }
    }

    private func connect(on loop: any EventLoop) async throws -> Bytes {
        do {
            return try await ClientBootstrap(group: loop)
                .connectTimeout(TimeAmount(limits.connect))
                .channelOption(.allowRemoteHalfClosure, value: true)
                .connect(host: target.host, port: target.port ?? 443) { channel in
                    channel.eventLoop.makeCompletedFuture { try Self.wrap(channel) }
                }
        } catch {
            throw Refusal.badGateway("\(target.host) could not be reached: \(error)\n")
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

/// Counts the tunnels that are open.
final class TunnelSlots: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) {
        free = Mutex(count)
    }

    /// False when all are taken.
    func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    func giveBack() {
        free.withLock { $0 += 1 }
    }
}

/// Closes a tunnel without traffic, and every tunnel when the server stops: nothing tells how long it would last.
final class CloseWhenIdle: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent || event is ChannelShouldQuiesceEvent {
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }
}
