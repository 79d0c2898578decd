import HummingbirdCore
import NIOCore

/// A sequence over a function that gives the next part; to be iterated over once.
struct BodyParts: AsyncSequence, Sendable {
    let take: @Sendable () async throws -> ByteBuffer?

    func makeAsyncIterator() -> Iterator { Iterator(take: take) }

    struct Iterator: AsyncIteratorProtocol {
        let take: @Sendable () async throws -> ByteBuffer?

        func next() async throws -> ByteBuffer? { try await take() }
    }
}

extension RequestBody {
    /// Reads what is left, for a client that sends everything before it reads its answer.
    ///
    /// - Throws: when there is more than `limit` bytes, or the connection ends.
    func discard(limit: Int) async throws {
        var size = 0
        for try await part in self {
            size += part.readableBytes
            guard size <= limit else { throw ChannelError.inputClosed }
        }
    }
}
