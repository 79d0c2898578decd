import HummingbirdCore
import NIOCore

/// A request's body whose client is cut off when nothing of it comes for too long, or when all of it takes too long.
struct HurriedBody: Sendable {
    private let body: UnreadBody
    private let channel: any Channel
    private let presence: OpenConnections.Presence
    private let patience: TimeAmount
    private let end: NIODeadline

    /// - Parameters:
    ///   - channel: closed when the client is too slow: the connection, or its stream of HTTP/2.
    ///   - presence: the connection, which waits for its client while the body does.
    init(_ body: RequestBody, on channel: any Channel, _ presence: OpenConnections.Presence, _ limits: Limits) {
        self.body = UnreadBody(body)
        self.channel = channel
        self.presence = presence
        patience = TimeAmount(limits.idle)
        end = .now() + TimeAmount(limits.requestBody)
    }

    /// The body for the handler.
    var parts: RequestBody { RequestBody(asyncSequence: BodyParts { try await self.next() }) }

    private func next() async throws -> ByteBuffer? {
        let timer = channel.eventLoop.scheduleTask(deadline: min(.now() + patience, end)) {
            channel.close(promise: nil)
        }
        presence.end()
        defer {
            presence.begin()
            timer.cancel()
        }
        return try await body.next()
    }
}
