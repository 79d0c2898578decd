import NIOCore
import NIOPosix

/// A TCP connection for tests that speak byte by byte.
struct RawClient {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Sends `text` and returns all that comes back until the other side closes, or until it contains `marker`.
    static func exchange(port: Int, _ text: String, until marker: String? = nil) async throws -> String {
        try await with(port: port) { (inbound, outbound) async throws in
            try await outbound.write(ByteBuffer(string: text))
            return try await read(&inbound, until: marker)
        }
    }

    static func with<Value>(
        port: Int,
        _ body: (
            inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { (inbound, outbound) async throws in
            var iterator = inbound.makeAsyncIterator()
            return try await body(&iterator, outbound)
        }
    }

    /// Reads text until it contains `marker`, or to the end.
    static func read(
        _ inbound: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, until marker: String? = nil
    ) async throws -> String {
        var received = ""
        while let bytes = try await inbound.next() {
            received += String(buffer: bytes)
            if let marker, received.contains(marker) { break }
        }
        return received
    }
}

/// A TCP server that sends everything back, and finishes when its client does.
struct EchoServer {
    static func with<Value>(_ body: (Int) async throws -> Value) async throws -> Value {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EchoHandler())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let value = try await body(server.localAddress?.port ?? 0)
            try await server.close()
            return value
        } catch {
            try await server.close()
            throw error
        }
    }

    private final class EchoHandler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(data, promise: nil)
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event as? ChannelEvent == .inputClosed { context.close(mode: .output, promise: nil) }
        }
    }
}
