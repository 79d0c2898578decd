import NIOCore

/// Reads the header of a proxy's request, has the connection served, and leaves.
final class ConnectHead: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let longest = 8 * 1024
    private static let patience = TimeAmount.seconds(10)

    private let serve: (ProxyTarget) throws -> Void
    private var received = ByteBuffer()
    private var deadline: Scheduled<Void>?
    private var isDone = false

    /// - Parameter serve: adds the handlers for what follows the header to the end of the pipeline.
    init(serve: @escaping (ProxyTarget) throws -> Void) {
        self.serve = serve
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: Self.patience) { bound.value.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        do {
            guard let head = try readHead() else { return }
            isDone = true
            try serve(try ProxyTarget(ofRequest: head))
            if received.readableBytes > 0 {
                context.fireChannelRead(wrapInboundOut(received))
                context.fireChannelReadComplete()
            }
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        } catch {
            isDone = true
            let refusal = error as? ProxyRefusal ?? .badGateway("The proxy failed.\n")
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: refusal.response))).whenComplete { _ in
                bound.value.close(promise: nil)
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent, !isDone { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    /// The header without its final empty line, once it is complete.
    private func readHead() throws -> String? {
        guard let end = received.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else {
            guard received.readableBytes <= Self.longest else {
                throw ProxyRefusal.badRequest("The header of the request is too long.\n")
            }
            return nil
        }
        let head = received.readString(length: end.lowerBound - received.readerIndex)
        received.moveReaderIndex(forwardBy: 4)
        return head
    }
}
