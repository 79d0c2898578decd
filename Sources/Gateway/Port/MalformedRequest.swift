import NIOCore
import NIOHTTP1

/// Says what is wrong with bytes that are no HTTP/1.1 request.
///
/// The HTTP layer answers them with an empty 400, in its turn; this handler remembers the parser's reason and puts it
/// into that answer.
final class MalformedRequest: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: Limits
    private var fault: HTTPParserError?

    private init(_ limits: Limits) {
        self.limits = limits
    }

    /// Adds the handler after the decoder, whose errors it sees.
    static func install(on channel: any Channel, limits: Limits) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(MalformedRequest(limits), position: .after(decoder))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fault = error as? HTTPParserError ?? fault
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard let fault, case .head(var head) = unwrapOutboundIn(data), head.status == .badRequest,
            head.headers["content-length"] == ["0"]
        else { return context.write(data, promise: promise) }
        let text = reason(fault)
        if fault == .headerOverflow { head.status = .requestHeaderFieldsTooLarge }
        head.headers.replaceOrAdd(name: "content-type", value: "text/plain; charset=utf-8")
        head.headers.replaceOrAdd(name: "content-length", value: "\(text.utf8.count)")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: promise)
    }

    private func reason(_ fault: HTTPParserError) -> String {
        switch fault {
        case .headerOverflow:
            "The header of the request is over the limit of \(limits.headerFields) fields or \(limits.headerBytes) "
                + "bytes.\n"
        case .invalidContentLength, .unexpectedContentLength:
            "The request has no valid Content-Length, or more than one length.\n"
        case .invalidMethod: "The request's method is not one of HTTP.\n"
        case .invalidHeaderToken: "A header field of the request has a name or value that HTTP does not allow.\n"
        case .invalidVersion: "The request's version is not one of HTTP.\n"
        default: "The request is not valid HTTP/1.1.\n"
        }
    }
}
