import NIOCore
import NIOHTTP1
import Synchronization

/// The targets of a connection's HTTP/1.1 requests as they were sent, in order: the types that follow keep the path
/// alone and lose the authority of an absolute form.
final class RequestTargets: Sendable {
    private let waiting = Mutex<[String]>([])

    /// The target of the request that is answered next.
    func next() -> String? {
        waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    /// Adds the handler that collects them, after the decoder.
    func install(on channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(Collector(self), position: .after(decoder))
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart

        private let targets: RequestTargets

        init(_ targets: RequestTargets) {
            self.targets = targets
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if case .head(let head) = unwrapInboundIn(data) { targets.waiting.withLock { $0.append(head.uri) } }
            context.fireChannelRead(data)
        }
    }
}
