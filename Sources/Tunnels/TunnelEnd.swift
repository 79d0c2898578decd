import NIOCore

/// The connection to one end of a tunnel, as bytes.
public typealias TunnelEnd = NIOAsyncChannel<ByteBuffer, ByteBuffer>

extension TunnelEnd {
    /// What a client hears when its tunnel is there.
    public static var established: ByteBuffer { ByteBuffer(string: "HTTP/1.1 200 Connection Established\r\n\r\n") }

    /// Prepares a connection; what comes in from here on waits.
    ///
    /// - Parameter idle: how long it may be without traffic; nil: for ever.
    public static func wrap(_ channel: any Channel, idle: TimeAmount? = nil) throws -> TunnelEnd {
        if let idle {
            try channel.pipeline.syncOperations.addHandlers([IdleStateHandler(allTimeout: idle), CloseWhenIdle()])
        }
        return try TunnelEnd(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true, inboundType: ByteBuffer.self))
    }

    /// An open end: where its bytes come from, and where they go.
    public typealias Streams = (
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    )

    /// Copies bytes in both directions until both ends have finished.
    ///
    /// - Throws: the first failure of either direction, which ends both; a direction that merely finishes does not.
    public static func join(_ one: Streams, _ other: Streams) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await copy(one.inbound, to: other.outbound) }
            group.addTask { try await copy(other.inbound, to: one.outbound) }
            try await group.waitForAll()
        }
    }

    /// Waits for the slower side; passes on the end of the input alone.
    private static func copy(
        _ source: NIOAsyncChannelInboundStream<ByteBuffer>, to sink: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        for try await bytes in source { try await sink.write(bytes) }
        sink.finish()
    }
}

/// Closes a tunnel without traffic, and every tunnel when the server stops: nothing tells how long it would last.
private final class CloseWhenIdle: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent || event is ChannelShouldQuiesceEvent {
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }
}
