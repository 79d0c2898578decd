import NIOCore
import NIOSSL
import NIOTLS

/// TLS on a connection: reads the server name from the ClientHello, gets the certificate for it, and negotiates
/// HTTP/2 or HTTP/1.1.
struct SecureChannel: Sendable {
    let certificates: CertificateCache

    /// A fatal alert `unrecognized_name` in a record of its own (RFC 8446, 6.2).
    private static let unrecognizedName: [UInt8] = [21, 3, 3, 0, 2, 2, 112]

    /// Adds the handlers; they expect the ClientHello next.
    ///
    /// - Parameters:
    ///   - fallbackName: the name to present when the client gives none: that of its CONNECT.
    ///   - negotiated: adds the handlers of the chosen protocol.
    /// - Returns: what `negotiated` returned; fails when the name is refused or the handshake fails.
    func install<Connection: Sendable>(
        on channel: any Channel, fallbackName: String?,
        negotiated: @escaping @Sendable (WireProtocol) -> EventLoopFuture<Connection>
    ) throws -> EventLoopFuture<Connection> {
        let promise = channel.eventLoop.makePromise(of: Connection.self)
        let serverNames = SNIHandler { result in
            let name = Self.serverName(result) ?? fallbackName
            let context = channel.eventLoop.makeFutureWithTask {
                try await certificates.context(forServerName: name)
            }
            return context.flatMapThrowing { context in
                let tls = NIOSSLServerHandler(context: context)
                let protocols = NIOTypedApplicationProtocolNegotiationHandler<Connection> { result in
                    negotiated(result == .negotiated("h2") ? .http2 : .http1)
                }
                try channel.pipeline.syncOperations.addHandlers([tls, protocols])
                protocols.protocolNegotiationResult.cascade(to: promise)
            }.flatMapErrorThrowing { error in
                channel.writeAndFlush(ByteBuffer(bytes: Self.unrecognizedName)).whenComplete { _ in
                    channel.close(promise: nil)
                }
                promise.fail(error)
                throw error
            }
        }
        try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(serverNames))
        return promise.futureResult
    }

    private static func serverName(_ result: SNIResult) -> String? {
        guard case .hostname(let name) = result else { return nil }
        // What is not a host name is handed on as it is, for the source to refuse.
        return HostAndPort(name)?.host ?? name
    }
}
