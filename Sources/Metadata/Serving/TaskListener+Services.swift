import NIOCore
import NIOHTTP1
import NIOPosix
import Tunnels

extension TaskListener {
    /// The port of the metadata server.
    public static let metadataPort: UInt16 = 80
    /// The port of the proxy: one that programs rarely listen at, and that the system gives to none by itself.
    public static let proxyPort: UInt16 = 28_787

    /// How many connections a task can have to its metadata server, and through its proxy.
    private static let limits = (metadata: 64, proxy: 128)
    private static let headerBytes = 8 * 1024
    private static let headerFields = 64
    /// How long the header of a request to the proxy may take.
    private static let patience = TimeAmount.seconds(10)
    /// How much is read from a connection to a metadata server at once.
    private static let readBytes = 4 * 1024

    /// A metadata server at a socket that is bound; the socket is the listener's from here on.
    public static func metadata(
        at descriptor: CInt, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) -> TaskListener {
        TaskListener(descriptor: descriptor, limit: limits.metadata, on: group) { connection in
            var decoder = NIOHTTPDecoderLimitConfiguration()
            decoder.maxHeaderFieldSize = headerBytes
            decoder.maxHeaderListSize = headerBytes
            decoder.maxHeaderFieldCount = headerFields
            // Nothing is read while answers wait to be taken, and what is read at once asks for few of them.
            try connection.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            try connection.channel.syncOptions?.setOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: readBytes))
            let pipeline = connection.channel.pipeline.syncOperations
            try pipeline.addHandler(BackPressureHandler())
            try pipeline.configureHTTPServerPipeline(
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoder)
            try pipeline.addHandler(MetadataHandler(attempt: connection.attempt))
        }
    }

    /// A proxy at a socket that is bound; the socket is the listener's from here on.
    public static func proxy(
        at descriptor: CInt, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) -> TaskListener {
        TaskListener(descriptor: descriptor, limit: limits.proxy, on: group) { connection in
            try connection.channel.readConnect(longest: headerBytes, within: patience) { head in
                let target = try ProxyTarget(ofRequest: head)
                let client = try ProxySession.wrap(connection.channel)
                let session = ProxySession(routes: connection.attempt.routes, target: target)
                connection.serve { await session.run(client) }
            }
        }
    }
}
