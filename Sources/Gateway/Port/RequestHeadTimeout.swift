import NIOCore
import NIOHTTP1

/// Closes an HTTP/1.1 connection whose peer begins a request and does not finish its header in time.
enum RequestHeadTimeout {
    /// Wraps the installation of the HTTP/1.1 handlers: one handler sees the bytes before they are decoded, the
    /// other sees the headers.
    static func install<Value: Sendable>(
        on channel: any Channel, timeout: Duration, http1 setup: () -> EventLoopFuture<Value>
    ) -> EventLoopFuture<Value> {
        let pipeline = channel.pipeline
        let bytes = BytesHandler(TimeAmount(timeout))
        do {
            try pipeline.syncOperations.addHandler(bytes)
            let heads = NIOLoopBound(HeadHandler(bytes), eventLoop: channel.eventLoop)
            return setup().flatMapThrowing { value in
                let decoder = try pipeline.syncOperations.handler(
                    type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                try pipeline.syncOperations.addHandler(heads.value, position: .after(decoder))
                return value
            }
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private final class BytesHandler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer

        private let timeout: TimeAmount
        private var timer: Scheduled<Void>?
        /// Between the header of a request and its end bytes belong to the body.
        var isInRequest = false
        /// Whether a header has begun that is not complete.
        private var isAwaited = false

        init(_ timeout: TimeAmount) {
            self.timeout = timeout
        }

        func stop() {
            isAwaited = false
            timer?.cancel()
            timer = nil
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if !isInRequest { isAwaited = true }
            context.fireChannelRead(data)
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            // Most headers are complete by now, and never need the timer.
            if isAwaited, timer == nil {
                let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
                timer = context.eventLoop.scheduleTask(in: timeout) { bound.value.close(promise: nil) }
            }
            context.fireChannelReadComplete()
        }

        func channelInactive(context: ChannelHandlerContext) {
            stop()
            context.fireChannelInactive()
        }

        func handlerRemoved(context: ChannelHandlerContext) {
            stop()
        }
    }

    private final class HeadHandler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart

        private let bytes: BytesHandler

        init(_ bytes: BytesHandler) {
            self.bytes = bytes
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head:
                bytes.isInRequest = true
                bytes.stop()
            case .body: break
            case .end: bytes.isInRequest = false
            }
            context.fireChannelRead(data)
        }
    }
}
