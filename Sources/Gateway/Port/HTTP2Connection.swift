import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2

/// HTTP/2 on a connection: each of its streams is one request.
struct HTTP2Connection: Sendable {
    typealias Stream = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    typealias Streams = NIOHTTP2Handler.AsyncStreamMultiplexer<Stream>

    let limits: Limits
    let presence: OpenConnections.Presence
    let respond: HTTPChannelHandler.Responder

    /// Adds the handlers.
    func install(on channel: any Channel) throws -> Streams {
        let pipeline = channel.pipeline.syncOperations
        let lifetime = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: channel.eventLoop,
            configuration: .init(
                maxIdleTime: TimeAmount(limits.idle), maxAge: nil, maxGraceTime: TimeAmount(limits.grace),
                // A peer that answers no PING is told to go, also in the middle of its calls.
                keepalive: .init(pingInterval: TimeAmount(limits.idle), ackTimeout: TimeAmount(limits.grace))))
        let guardian = HTTP2Guard(limit: limits.pings, grace: limits.grace)
        let streams = try pipeline.configureAsyncHTTP2Pipeline(
            mode: .server, streamDelegate: lifetime.http2StreamDelegate, frameDelegate: guardian,
            configuration: configuration
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                // What was read before the connection was closed may still open streams, for nobody.
                guard channel.isActive else { throw ChannelError.ioOnClosedChannel }
                try stream.pipeline.syncOperations.addHandlers([
                    StalledWrites(limits.idle), HTTP2FramePayloadToHTTPServerCodec(), RequestBodyTimeout(limits),
                ])
                return try Stream(wrappingChannelSynchronously: stream).keptUntilClosed()
            }
        }
        try pipeline.addHandlers([guardian, lifetime])
        // The connection is older than its handlers, which wait for its start to count its idle time.
        try pipeline.context(handler: guardian).fireChannelActive()
        return streams
    }

    private var configuration: NIOHTTP2Handler.Configuration {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.streams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.streamHeaderBytes),
        ]
        connection.maximumSequentialEmptyDataFrames = 1
        connection.maximumSequentialContinuationFrames = 5
        // All that a peer can have waiting for it: answers to its PINGs and SETTINGS.
        connection.maximumBufferedControlFrames = 2 * limits.pings
        // Coarse, for PRIORITY; the guard counts the frames that must be answered, and knows when they are due.
        connection.controlFrameRateLimit.maximumCount = max(1_000, 2 * limits.pings)
        connection.controlFrameRateLimit.windowLength = .milliseconds(100)
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.streamResetFrameRateLimit.maximumCount = limits.resets
        stream.streamResetFrameRateLimit.windowLength = .seconds(10)
        stream.streamErrorRateLimit.maximumCount = limits.resets
        stream.streamErrorRateLimit.windowLength = .seconds(10)
        return .init(connection: connection, stream: stream)
    }

    /// Answers the requests of a connection until it ends.
    func run(_ streams: Streams, logger: Logger) async {
        do {
            try await withThrowingDiscardingTaskGroup { group in
                for try await stream in streams.inbound { group.addTask { await answer(stream, logger) } }
            }
        } catch {
            logger.trace("HTTP/2 connection ended", metadata: ["error": "\(error)"])
        }
    }

    private func answer(_ stream: Stream, _ logger: Logger) async {
        do {
            try await withTaskCancellationHandler {
                try await stream.executeThenClose { inbound, outbound in
                    var parts = inbound.makeAsyncIterator()
                    guard case .head(let head)? = try await parts.next() else { return }
                    presence.begin()
                    defer { presence.end() }
                    let source = StreamBody(parts)
                    let body = UnreadBody(source.parts)
                    try await respond(
                        Request(head: head, body: body.parts), ResponseWriter(outbound: outbound), stream.channel)
                    try await AwaitedBody(body.parts, presence).parts.discard(limit: limits.unreadBytes)
                    try await source.closed()
                }
            } onCancel: {
                stream.channel.close(mode: .input, promise: nil)
            }
        } catch {
            logger.trace("HTTP/2 stream ended", metadata: ["error": "\(error)"])
        }
    }
}
