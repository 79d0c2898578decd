import NIOCore
import NIOPosix

/// A TCP server on all of this machine's addresses that sends everything back, and finishes when its client does.
enum EchoServer {
    /// Runs `body` with the port of a server.
    static func with<Value>(_ body: (Int) async throws -> Value) async throws -> Value {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
            }
            .bind(host: "0.0.0.0", port: 0).get()
        do {
            let value = try await body(server.localAddress?.port ?? 0)
            try await server.close().get()
            return value
        } catch {
            try? await server.close().get()
            throw error
        }
    }

    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.writeAndFlush(data, promise: nil) }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(mode: .output, promise: nil) }
        }
    }
}
