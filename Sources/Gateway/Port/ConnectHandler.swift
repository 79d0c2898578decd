import NIOCore

/// Reads the header of a CONNECT request, has the rest of the connection prepared for it, and leaves.
final class ConnectHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    static let established = "HTTP/1.1 200 Connection Established\r\n\r\n"
    private static let maximumHead = 16 * 1024

    private let prepare: (HostAndPort) throws -> Void
    private var received = ByteBuffer()
    private var isDone = false

    /// - Parameter prepare: adds the handlers for what follows the header to the end of the pipeline; throws a
    ///   `Refusal`, which is answered.
    init(prepare: @escaping (HostAndPort) throws -> Void) {
        self.prepare = prepare
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        do {
            guard let head = try readHead() else { return }
            isDone = true
            try prepare(try Self.target(ofRequest: head))
            if received.readableBytes > 0 {
                context.fireChannelRead(wrapInboundOut(received))
                context.fireChannelReadComplete()
            }
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        } catch {
            isDone = true
            let refusal = error as? Refusal ?? .badGateway("The proxy failed.\n")
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(refusal.response)).whenComplete { _ in
                bound.value.close(promise: nil)
            }
        }
    }

    /// The header without its final empty line, once it is complete.
    private func readHead() throws -> String? {
        guard let end = received.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else {
            guard received.readableBytes < Self.maximumHead else {
                throw Refusal.badRequest("The header of the CONNECT request is too long.\n")
            }
            return nil
        }
        let head = received.readString(length: end.lowerBound - received.readerIndex)
        received.moveReaderIndex(forwardBy: 4)
        return head
    }

    /// The host and port of `CONNECT host:port HTTP/1.1`; the header fields say nothing that matters here.
    static func target(ofRequest head: String) throws -> HostAndPort {
        let line = head.prefix { !$0.isNewline }.split(separator: " ", omittingEmptySubsequences: false)
        guard line.count == 3, line[0] == "CONNECT", line[2].hasPrefix("HTTP/1."), let target = HostAndPort(line[1]),
            target.port != nil
        else { throw Refusal.badRequest("CONNECT needs a target of the form host:port.\n") }
        return target
    }
}
