import NIOCore
import NIOPosix
import Synchronization

/// A server behind a proxy that keeps all that it gets, and answers each connection once.
struct Origin: Sendable {
    let port: Int
    private let seen: Seen

    /// Everything that came, of all connections together.
    var received: String { seen.text.withLock { $0 } }

    static func with<Value>(_ body: (Origin) async throws -> Value) async throws -> Value {
        let seen = Seen()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Handler(seen)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let value = try await body(Origin(port: server.localAddress?.port ?? 0, seen: seen))
            try await server.close()
            return value
        } catch {
            try await server.close()
            throw error
        }
    }

    private final class Seen: Sendable {
        let text = Mutex("")
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let seen: Seen
        private var isAnswered = false

        init(_ seen: Seen) { self.seen = seen }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            seen.text.withLock { $0 += String(buffer: bytes) }
            guard !isAnswered else { return }
            isAnswered = true
            let answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\norigin")
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }
    }
}
