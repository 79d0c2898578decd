import HummingbirdCore
import NIOCore

/// A request's body whose connection counts as waiting for its client while the handler waits for more of it.
struct AwaitedBody: Sendable {
    private let body: UnreadBody
    private let presence: OpenConnections.Presence

    init(_ body: RequestBody, _ presence: OpenConnections.Presence) {
        self.body = UnreadBody(body)
        self.presence = presence
    }

    /// The body for the handler.
    var parts: RequestBody { RequestBody(asyncSequence: BodyParts { try await self.next() }) }

    private func next() async throws -> ByteBuffer? {
        presence.end()
        defer { presence.begin() }
        return try await body.next()
    }
}
