import NIOCore
import NIOHTTP2

/// Ends an HTTP/2 connection whose peer floods it with frames that ask for an answer, breaks the protocol, leaves, or
/// does not go when it is told to.
///
/// Clients of gRPC measure bandwidth by a PING for each message that they receive. So PINGs and SETTINGS are counted
/// only while nothing else is sent to the peer.
final class HTTP2Guard: ChannelInboundHandler, NIOHTTP2FrameDelegate {
    typealias InboundIn = HTTP2Frame
    typealias InboundOut = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private static let window = TimeAmount.seconds(10)

    private let limit: Int
    private let grace: TimeAmount
    private var context: ChannelHandlerContext?
    private var windowStart = NIODeadline.uptimeNanoseconds(0)
    private var count = 0
    private var isBroken = false
    private var farewell: Scheduled<Void>?

    /// - Parameters:
    ///   - limit: PINGs and SETTINGS that are allowed within ten seconds.
    ///   - grace: how long a peer may stay after it was told to go.
    init(limit: Int, grace: Duration) {
        self.limit = limit
        self.grace = TimeAmount(grace)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        farewell?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data).payload {
        case .ping(_, ack: false), .settings(.settings): countFrame(context)
        default: break
        }
        context.fireChannelRead(data)
    }

    private func countFrame(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        if now - windowStart > Self.window {
            windowStart = now
            count = 0
        }
        count += 1
        guard count == limit + 1 else { return }
        let goAway = HTTP2Frame.FramePayload.goAway(
            lastStreamID: .maxID, errorCode: .enhanceYourCalm, opaqueData: ByteBuffer(string: "too_many_pings"))
        context.writeAndFlush(wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: goAway)), promise: nil)
        context.close(promise: nil)
    }

    /// Called for every frame of the connection that is sent, those of its streams included.
    func wroteFrame(_ frame: HTTP2Frame) {
        switch frame.payload {
        case .headers, .data: count = 0
        case .goAway(_, let code, _):
            if code != .noError { isBroken = true }
            guard farewell == nil, let context else { return }
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            farewell = context.eventLoop.scheduleTask(in: grace) { bound.value.close(promise: nil) }
        default: break
        }
    }

    /// An error of one stream ends that stream alone; one of the connection comes after its GOAWAY.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isBroken || !(context.channel.isActive) { context.close(promise: nil) }
        context.fireErrorCaught(error)
    }

    // Half-closure is on: a peer that leaves arrives as an event, the channel stays open.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
