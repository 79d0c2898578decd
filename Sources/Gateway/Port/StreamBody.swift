import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// The body of an HTTP/2 request, part by part.
///
/// Unchecked: the handler reads first; whoever answers reads the rest when the handler has returned.
final class StreamBody: @unchecked Sendable {
    private var source: NIOAsyncChannelInboundStream<HTTPRequestPart>.AsyncIterator

    init(_ source: NIOAsyncChannelInboundStream<HTTPRequestPart>.AsyncIterator) {
        self.source = source
    }

    /// The body for the handler.
    var parts: RequestBody { RequestBody(asyncSequence: BodyParts { try await self.next() }) }

    func next() async throws -> ByteBuffer? {
        guard case .body(let bytes)? = try await source.next() else { return nil }
        return bytes
    }

    /// Waits after the last part until all of the answer has gone, too: until then the stream must not be closed.
    func closed() async throws {
        while try await source.next() != nil {}
    }
}
