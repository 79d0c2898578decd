import HummingbirdCore
import NIOCore

/// A request's body that can be read on after it was answered.
///
/// A client that sends everything before it reads, as Python's urllib does, would wait for ever for room for a body
/// that was refused early. The HTTP layer reads such a rest itself, but not when the connection is to be closed.
///
/// Unchecked: the handler reads first, whoever answers reads the rest when the handler has returned.
final class UnreadBody: @unchecked Sendable {
    private var body: RequestBody.AsyncIterator
    private var isFinished = false

    init(_ body: RequestBody) {
        self.body = body.makeAsyncIterator()
    }

    /// The body for the handler.
    var parts: RequestBody { RequestBody(asyncSequence: Parts(body: self)) }

    /// Reads what the handler has left.
    ///
    /// - Throws: when there is more than `limit` bytes, or the connection ends.
    func discard(limit: Int) async throws {
        var size = 0
        while let part = try await next() {
            size += part.readableBytes
            guard size <= limit else { throw ChannelError.inputClosed }
        }
    }

    private func next() async throws -> ByteBuffer? {
        guard !isFinished else { return nil }
        let part = try await body.next()
        isFinished = part == nil
        return part
    }

    private struct Parts: AsyncSequence, Sendable {
        let body: UnreadBody

        func makeAsyncIterator() -> Iterator { Iterator(body: body) }

        struct Iterator: AsyncIteratorProtocol {
            let body: UnreadBody

            func next() async throws -> ByteBuffer? { try await body.next() }
        }
    }
}
