import NIOCore
import NIOHTTPTypes

/// Closes a connection, or a stream of HTTP/2, whose client makes no progress with the body of its request, or takes too
/// long with all of it.
final class RequestBodyTimeout: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Sent down the pipeline for a request that may take its time: a stream of messages, or one for another host.
    struct Lifted: Sendable {}

    /// Sent down the pipeline for a request whose body may take its time in all, as long as it makes progress.
    struct Unhurried: Sendable {}

    private let patience: TimeAmount
    private let whole: TimeAmount
    private var isUnhurried = false
    private var begin = NIODeadline.uptimeNanoseconds(0)
    private var lastPart = NIODeadline.uptimeNanoseconds(0)
    private var isAwaited = false
    private var timer: Scheduled<Void>?

    init(_ limits: Limits) {
        patience = TimeAmount(limits.idle)
        whole = TimeAmount(limits.requestBody)
    }

    private var deadline: NIODeadline {
        isUnhurried ? lastPart + patience : min(lastPart + patience, begin + whole)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            begin = .now()
            lastPart = begin
            isAwaited = true
            isUnhurried = false
        case .body: lastPart = .now()
        case .end: isAwaited = false
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most requests are complete by now, and never need the timer.
        if isAwaited, timer == nil { watch(context) }
        context.fireChannelReadComplete()
    }

    private func watch(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.timer = nil
            guard handler.isAwaited else { return }
            guard handler.deadline <= .now() else { return handler.watch(context) }
            context.close(promise: nil)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        switch event {
        case is Lifted: isAwaited = false
        case is Unhurried: isUnhurried = true
        default: return context.triggerUserOutboundEvent(event, promise: promise)
        }
        promise?.succeed()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }
}
