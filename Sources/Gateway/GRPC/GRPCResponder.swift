import AsyncAlgorithms
import HTTPTypes
import HummingbirdCore
import Logging
import Methods
import NIOCore

/// Answers gRPC requests, which are HTTP/2 streams (gRPC over HTTP/2).
public struct GRPCResponder: Sendable {
    private let methods: MethodRegistry
    private let messageLimit: Int
    private let logger: Logger

    /// - Parameter messageLimit: the largest message that a client may send, in bytes.
    public init(methods: MethodRegistry, messageLimit: Int = Limits().messageBytes, logger: Logger) {
        self.methods = methods
        self.messageLimit = messageLimit
        self.logger = logger
    }

    /// Whether a content type is gRPC's with protobuf messages.
    static func accepts(_ contentType: String?) -> Bool {
        guard let type = contentType?.prefix(while: { $0 != ";" }).lowercased() else { return false }
        return type == "application/grpc" || type == "application/grpc+proto"
    }

    /// Every response has a header, then messages, then trailing fields with the status: a header that ends the
    /// stream would go out with an empty DATA frame, which gRPC clients refuse.
    private static let head = HTTPResponse(status: .ok, headerFields: [.contentType: "application/grpc"])

    /// - Parameters:
    ///   - address: the client's IP address; nil over a Unix socket.
    ///   - awaited: the body of a call with one message, for which its client is waited for; a stream of messages may be
    ///     silent for hours.
    /// - Throws: when the peer leaves while the response is written.
    func respond(
        to request: Request, host: String, from address: String?, with writer: consuming ResponseWriter,
        on channel: any Channel,
        awaited: (RequestBody) -> RequestBody
    ) async throws {
        let call: CallHead
        let handler: MethodRegistry.Handler
        do {
            call = try CallHead(request.head, host: host, from: address)
            handler = try methods.handler(path: call.path, host: host)
        } catch {
            let body = try await writer.writeHead(Self.head)
            return try await body.finish(StatusTrailers.fields(error))
        }
        switch handler {
        case .unary(let run):
            let reader = MessageReader(awaited(request.body), limit: messageLimit)
            let task = CallTask(on: channel, timeout: call.timeout) { try await run(reader.single(), call) }
            try await answer(task, call, with: writer)
        case .stream(let run):
            channel.triggerUserOutboundEvent(RequestBodyTimeout.Lifted(), promise: nil)
            let reader = MessageReader(request.body, limit: messageLimit)
            let frames = AsyncChannel<ByteBuffer>()
            let task = CallTask(on: channel, timeout: call.timeout) {
                defer { frames.finish() }
                try await run(reader, call) { frame in
                    // A send that is cancelled returns as if it had been taken.
                    try Task.checkCancellation()
                    await frames.send(frame)
                    try Task.checkCancellation()
                }
            }
            try await answer(task, frames, call, with: writer)
        }
    }

    private func answer(
        _ task: CallTask<ByteBuffer>, _ call: CallHead, with writer: consuming ResponseWriter
    ) async throws {
        let outcome = await task.outcome { report($0, call) }
        var body = try await writer.writeHead(Self.head)
        switch outcome {
        case .success(let frame):
            try await body.write(frame)
            try await body.finish(StatusTrailers.ok)
        case .failure(let error): try await body.finish(StatusTrailers.fields(error))
        }
    }

    /// The header goes out at once; each message waits until the peer has room for it.
    private func answer(
        _ task: CallTask<Void>, _ frames: AsyncChannel<ByteBuffer>, _ call: CallHead,
        with writer: consuming ResponseWriter
    ) async throws {
        var body = try await writer.writeHead(Self.head)
        do {
            for await frame in frames { try await body.write(frame) }
        } catch {
            task.cancel()
            throw error
        }
        switch await task.outcome(unexpected: { report($0, call) }) {
        case .success: try await body.finish(StatusTrailers.ok)
        case .failure(let error): try await body.finish(StatusTrailers.fields(error))
        }
    }

    private func report(_ error: any Error, _ call: CallHead) {
        logger.error("a method failed", metadata: ["method": "\(call.path)", "error": "\(error)"])
    }
}
