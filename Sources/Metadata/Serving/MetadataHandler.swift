import FoundationEssentials
import NIOCore
import NIOHTTP1

/// One connection to a task's metadata server.
///
/// What is at hand is answered on the event loop at once; what is not, by a task.
final class MetadataHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a connection may be without a whole request.
    private static let patience = TimeAmount.seconds(60)

    private let attempt: ServedAttempt
    private var head: HTTPRequestHead?
    private var hasBody = false
    private var deadline: Scheduled<Void>?
    private var answering: Task<Void, Never>?

    init(attempt: ServedAttempt) {
        self.attempt = attempt
    }

    func handlerAdded(context: ChannelHandlerContext) { awaitRequest(context) }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        answering?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            hasBody = false
        case .body:
            hasBody = true
        case .end:
            guard let head else { return }
            self.head = nil
            deadline?.cancel()
            answer(head, context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that says no more waits for no answer to what it has not asked.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent, answering == nil { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func awaitRequest(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: Self.patience) { bound.value.close(promise: nil) }
    }

    // MARK: Answers

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard !hasBody, let request = MetadataRequest(head) else { return write(.malformed, to: head, context) }
        switch MetadataRouter(instance: attempt.instance).outcome(of: request) {
        case .answer(let answer): write(answer, to: head, context)
        case .accessToken(let scopes): answer(with: .access(scopes: scopes), to: head, context)
        case .identityToken(let request): answer(with: .identity(request), to: head, context)
        case .later(let answer, let delay):
            later(head, context) {
                try? await Task.sleep(for: delay)
                return answer
            }
        }
    }

    private func answer(
        with purpose: TokenCache.Purpose, to head: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        if let credential = attempt.tokens.fresh(purpose) {
            return write(.credential(credential, for: purpose, at: attempt.now()), to: head, context)
        }
        later(head, context) { [attempt] in
            do {
                let credential = try await attempt.tokens.token(purpose)
                return .credential(credential, for: purpose, at: attempt.now())
            } catch {
                return .failure(error)
            }
        }
    }

    private func later(
        _ head: HTTPRequestHead, _ context: ChannelHandlerContext,
        _ work: @escaping @Sendable () async -> MetadataAnswer
    ) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        answering = Task {
            let answer = await work()
            loop.execute {
                let (handler, context) = bound.value
                handler.answering = nil
                handler.write(answer, to: head, context)
            }
        }
    }

    private func write(_ answer: MetadataAnswer, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let lasts = head.isKeepAlive && answer.status != 400
        var fields = HTTPHeaders([
            ("Metadata-Flavor", "Google"), ("Server", attempt.instance.identity.platform.serverName),
            ("Content-Type", answer.contentType), ("Content-Length", String(answer.body.utf8.count)),
            ("X-Frame-Options", "SAMEORIGIN"), ("X-XSS-Protection", "0"),
        ])
        if let location = answer.location { fields.add(name: "Location", value: location) }
        if let etag = answer.etag { fields.add(name: "ETag", value: etag) }
        if answer.status == 503 { fields.add(name: "Retry-After", value: "1") }
        if !lasts { fields.add(name: "Connection", value: "close") }
        let status = HTTPResponseStatus(statusCode: answer.status)
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: status, headers: fields))),
            promise: nil)
        if head.method != .HEAD {
            let body = context.channel.allocator.buffer(string: answer.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if lasts { return awaitRequest(context) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.whenComplete { _ in bound.value.close(promise: nil) }
    }
}

extension MetadataRequest {
    /// nil for a target that cannot be understood.
    fileprivate init?(_ head: HTTPRequestHead) {
        self.init(
            method: head.method.rawValue, target: head.uri, isMeant: head.headers["Metadata-Flavor"] == ["Google"],
            isForwarded: head.headers.contains(name: "X-Forwarded-For"))
    }
}
