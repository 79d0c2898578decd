import NIOCore

/// What a connection speaks.
enum WireProtocol: Equatable, Sendable {
    case tls
    case http2
    case http1
    /// HTTP/1.1 whose first request is CONNECT.
    case connect

    private static let http2Preface = Array("PRI * HTTP/2.0".utf8)
    private static let connectMethod = Array("CONNECT ".utf8)

    /// Tells the protocol by the first bytes; nil while they are too few.
    init?(firstBytes bytes: some Collection<UInt8>) {
        guard let first = bytes.first else { return nil }
        guard first != 0x16 else {
            self = .tls
            return
        }
        for (opening, meaning) in [(Self.http2Preface, Self.http2), (Self.connectMethod, Self.connect)] {
            if bytes.starts(with: opening) {
                self = meaning
                return
            }
            if opening.starts(with: bytes) { return nil }
        }
        self = .http1
    }
}

/// Waits for the first bytes of a connection, has the handlers of its protocol installed, gives them the bytes
/// and leaves.
final class FirstBytes: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let install: (WireProtocol) throws -> Void
    private var received = ByteBuffer()
    private var decided = false

    /// - Parameter install: adds the protocol's handlers to the end of the pipeline.
    init(install: @escaping (WireProtocol) throws -> Void) {
        self.install = install
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !decided else { return context.fireChannelRead(data) }
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        guard let wire = WireProtocol(firstBytes: received.readableBytesView) else { return }
        decided = true
        do {
            try install(wire)
        } catch {
            context.fireErrorCaught(error)
            return context.close(promise: nil)
        }
        context.fireChannelRead(wrapInboundOut(received))
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}
