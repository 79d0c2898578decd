import NIOCore

extension Channel {
    /// Reads the header of a request to a proxy, and has the rest of the connection prepared for it. To be called on the
    /// event loop.
    ///
    /// - Parameters:
    ///   - longest: the most that a header may have, in bytes.
    ///   - patience: how long it may take to come; nil where something else sees to that.
    ///   - prepare: gets the header without its final empty line, and adds the handlers for what follows to the end of
    ///     the pipeline; throws an `HTTPRefusal`, which is answered.
    public func readConnect(
        longest: Int, within patience: TimeAmount? = nil, prepare: @escaping (String) throws -> Void
    ) throws {
        try pipeline.syncOperations.addHandler(ConnectReader(longest: longest, within: patience, prepare: prepare))
    }
}

/// Reads a header, and leaves.
private final class ConnectReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let longest: Int
    private let patience: TimeAmount?
    private let prepare: (String) throws -> Void
    private var received = ByteBuffer()
    private var deadline: Scheduled<Void>?
    private var isDone = false

    init(longest: Int, within patience: TimeAmount?, prepare: @escaping (String) throws -> Void) {
        self.longest = longest
        self.patience = patience
        self.prepare = prepare
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = patience.map { context.eventLoop.scheduleTask(in: $0) { bound.value.close(promise: nil) } }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        do {
            guard let head = try readHead() else { return }
            isDone = true
            try prepare(head)
            if received.readableBytes > 0 {
                context.fireChannelRead(wrapInboundOut(received))
                context.fireChannelReadComplete()
            }
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        } catch {
            isDone = true
            let refusal = error as? HTTPRefusal ?? .badGateway("The proxy failed.\n")
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(refusal.response)).whenComplete { _ in
                bound.value.close(promise: nil)
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that says no more ends no header.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent, !isDone { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    /// The header without its final empty line, once it is complete.
    private func readHead() throws -> String? {
        guard let end = received.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else {
            guard received.readableBytes <= longest else {
                throw HTTPRefusal.badRequest("The header of the request is too long.\n")
            }
            return nil
        }
        let head = received.readString(length: end.lowerBound - received.readerIndex)
        received.moveReaderIndex(forwardBy: 4)
        return head
    }
}
