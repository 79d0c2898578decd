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
    var parts: RequestBody { RequestBody(asyncSequence: BodyParts { try await self.next() }) }

    /// The next part; nil after the last, however often it is asked for.
    func next() async throws -> ByteBuffer? {
        guard !isFinished else { return nil }
        let part = try await body.next()
        isFinished = part == nil
        return part
    }
}
