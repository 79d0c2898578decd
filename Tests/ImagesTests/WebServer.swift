import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP server on the loopback whose answers a test gives.
struct WebServer: Sendable {
    struct Request: Sendable {
        var method: HTTPMethod
        /// With the query.
        var target: String
        var headers: HTTPHeaders
    }

    struct Answer: Sendable {
        var status = HTTPResponseStatus.ok
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        /// How many bytes of the body come before the connection breaks.
        var cut: Int?
    }

    let port: Int
    var address: String { "127.0.0.1:\(port)" }

    /// Serves while `body` runs.
    static func with<Value>(
        _ answer: @escaping @Sendable (Request) -> Answer, _ body: (WebServer) async throws -> Value
    ) async throws -> Value {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let value = try await body(WebServer(port: server.localAddress?.port ?? 0))
            try await server.close()
            return value
        } catch {
            try await server.close()
            throw error
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: @Sendable (Request) -> Answer
        private var request: Request?

        init(_ answer: @escaping @Sendable (Request) -> Answer) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = Request(method: head.method, target: head.uri, headers: head.headers)
            case .body:
                break
            case .end:
                guard let request else { return }
                write(answer(request), to: request, context)
            }
        }

        private func write(_ answer: Answer, to request: Request, _ context: ChannelHandlerContext) {
            var headers = HTTPHeaders(answer.headers)
            headers.replaceOrAdd(name: "content-length", value: String(answer.body.count))
            let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            if request.method != .HEAD {
                let body = ByteBuffer(bytes: answer.body.prefix(answer.cut ?? answer.body.count))
                context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
            }
            guard answer.cut == nil || request.method == .HEAD else {
                let channel = context.channel
                return context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))))
                    .whenComplete { _ in channel.close(promise: nil) }
            }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
