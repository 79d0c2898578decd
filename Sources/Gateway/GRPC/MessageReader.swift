import HummingbirdCore
import Methods
import NIOCore
import NIOHTTP2

/// The messages of a request's body, in order, read as they are asked for: a slow handler slows down its client.
///
/// Unchecked: the iterator and the decoder are used by one call of `next` at a time; each handler has one loop that
/// reads, and the stream over it does not start a second read before the first has returned.
final class MessageReader: @unchecked Sendable {
    private var body: RequestBody.AsyncIterator
    private var decoder: MessageDecoder

    init(_ body: RequestBody, limit: Int) {
        self.body = body.makeAsyncIterator()
        decoder = MessageDecoder(limit: limit)
    }

    /// The next message; nil after the last.
    func next() async throws -> ByteBuffer? {
        while true {
            if let message = try decoder.next() { return message }
            guard let bytes = try await received() else {
                try decoder.finish()
                return nil
            }
            decoder.append(bytes)
        }
    }

    /// The next bytes of the body. A body that breaks off is a client that has left, which is no fault of the handler.
    private func received() async throws -> ByteBuffer? {
        do {
            return try await body.next()
        } catch is NIOHTTP2Errors.StreamClosed {
            throw CancellationError()
        } catch is ChannelError {
            throw CancellationError()
        }
    }

    /// The message of a request that has just one.
    func single() async throws -> ByteBuffer {
        guard let message = try await next() else {
            throw ServiceError(.unimplemented, "The method takes one message, the request has none.")
        }
        guard try await next() == nil else {
            throw ServiceError(.unimplemented, "The method takes one message, the request has more.")
        }
        return message
    }
}
