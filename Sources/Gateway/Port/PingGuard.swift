import NIOCore
import NIOHTTP2

/// Keeps PINGs, which NIOHTTP2 has answered, from Hummingbird's connection manager: it closes a connection at the
/// fourth in half a minute, while gRPC clients measure bandwidth with many more. Closes the connection of a peer
/// that floods.
final class PingGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTP2Frame
    typealias InboundOut = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private static let window = TimeAmount.seconds(10)

    private let limit: Int
    private var windowStart = NIODeadline.uptimeNanoseconds(0)
    private var count = 0

    /// - Parameter limit: PINGs that are allowed within ten seconds.
    init(limit: Int) {
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .ping(_, ack: false) = unwrapInboundIn(data).payload else {
            return context.fireChannelRead(data)
        }
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
}
