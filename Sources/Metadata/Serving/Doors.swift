import NIOCore
import NIOHTTP1
import NIOPosix

extension Door {
    /// The port of the metadata server.
    public static let metadataPort: UInt16 = 80
    /// The port of the proxy: one that programs rarely listen at, and that the system gives to none by itself.
    public static let proxyPort: UInt16 = 28_787

    /// How many connections a task can have to its metadata server, and through its proxy.
    private static let limits = (metadata: 64, proxy: 128)
    private static let headerBytes = 8 * 1024
    private static let headerFields = 64
    /// How much is read from a connection to a metadata server at once.
    private static let readBytes = 4 * 1024

    /// A metadata server at a socket that is bound; the socket is the door's from here on.
    public static func metadata(
        at descriptor: CInt, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) -> Door {
        Door(descriptor: descriptor, limit: limits.metadata, on: group) { visit in
            var decoder = NIOHTTPDecoderLimitConfiguration()
            decoder.maxHeaderFieldSize = headerBytes
            decoder.maxHeaderListSize = headerBytes
            decoder.maxHeaderFieldCount = headerFields
            // Nothing is read while answers wait to be taken, and what is read at once asks for few of them.
            try visit.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            try visit.channel.syncOptions?.setOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: readBytes))
            let pipeline = visit.channel.pipeline.syncOperations
            try pipeline.addHandler(BackPressureHandler())
            try pipeline.configureHTTPServerPipeline(
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoder)
            try pipeline.addHandler(MetadataHandler(occupant: visit.occupant))
        }
    }

    /// A proxy at a socket that is bound; the socket is the door's from here on.
    public static func proxy(
        at descriptor: CInt, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) -> Door {
        Door(descriptor: descriptor, limit: limits.proxy, on: group) { visit in
            let head = ConnectHead { target in
                let client = try ProxySession.wrap(visit.channel)
                let session = ProxySession(ways: visit.occupant.ways, target: target)
                visit.serve { await session.run(client) }
            }
            try visit.channel.pipeline.syncOperations.addHandler(head)
        }
    }
}
