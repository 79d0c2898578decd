import Methods
import NIOCore
import SwiftProtobuf

/// The gRPC methods of all APIs, made from their rows.
///
/// Several APIs have `google.longrunning.Operations` and `google.cloud.location.Locations` under the same name, so
/// the host decides between them.
public struct MethodRegistry: Sendable {
    /// A row without its types: messages go in and out as bytes.
    enum Handler: Sendable {
        typealias Send = @Sendable (ByteBuffer) async throws -> Void

        /// The message in, the frame out.
        case unary(@Sendable (ByteBuffer, CallHead) async throws -> ByteBuffer)
        /// Frames go out through the last parameter.
        case stream(@Sendable (MessageReader, CallHead, @escaping Send) async throws -> Void)
    }

    private let table: APITable
    /// By path, then by the API's service name.
    private var handlers: [String: [String: Handler]] = [:]

    /// Registers every row of the APIs; their handlers are called through `invoker`.
    public init(table: APITable, invoker: Invoker) {
        self.table = table
        for api in table.apis {
            for method in api.methods { register(method, of: api, invoker) }
        }
    }

    private mutating func register<Row: Method>(_ row: Row, of api: API, _ invoker: Invoker) {
        guard let dot = row.name.lastIndex(of: ".") else {
            preconditionFailure("\(row.name) is not the full name of a method")
        }
        let path = "/" + row.name[..<dot] + "/" + row.name[row.name.index(after: dot)...]
        if let unary = row as? UnaryMethod<Row.Request, Row.Response> {
            handlers[path, default: [:]][api.service] = Self.handler(unary, of: api, invoker)
        } else if let stream = row as? StreamMethod<Row.Request, Row.Response> {
            handlers[path, default: [:]][api.service] = Self.handler(stream, of: api, invoker)
        } else {
            preconditionFailure("\(row.name) is neither a unary nor a stream method")
        }
    }

    private static func handler<Request, Response>(
        _ row: UnaryMethod<Request, Response>, of api: API, _ invoker: Invoker
    ) -> Handler {
        .unary { message, call in
            let request: Request = try decode(message)
            var metadata = call.metadata
            metadata.requestBytes = message.readableBytes
            let response = try await invoker.unary(row, of: api, request: request, metadata: metadata)
            return MessageFrame.encode(try response.serializedBytes())
        }
    }

    private static func handler<Request, Response>(
        _ row: StreamMethod<Request, Response>, of api: API, _ invoker: Invoker
    ) -> Handler {
        .stream { reader, call, send in
            let requests = AsyncThrowingStream<Request, any Error> {
                guard let message = try await reader.next() else { return nil }
                return try decode(message)
            }
            try await invoker.stream(row, of: api, requests: requests, metadata: call.metadata) { response in
                try await send(MessageFrame.encode(try response.serializedBytes()))
            }
        }
    }

    private static func decode<Request: Message>(_ message: ByteBuffer) throws(ServiceError) -> Request {
        do {
            return try Request(serializedBytes: Array(message.readableBytesView))
        } catch {
            throw .invalidArgument("The request is not a valid \(Request.protoMessageName).")
        }
    }

    /// The handler for a call.
    ///
    /// - Throws: `UNIMPLEMENTED` when there is none at the host, or when the host does not tell which is meant.
    func handler(path: String, host: String) throws(ServiceError) -> Handler {
        guard let candidates = handlers[path] else {
            throw ServiceError(.unimplemented, "There is no method \(path.prefix(200)).")
        }
        let possible = table.candidates(forHost: host).compactMap { candidates[$0.service] }
        guard let handler = possible.first else {
            throw ServiceError(.unimplemented, "There is no method \(path) at \(host.prefix(253)).")
        }
        guard possible.count == 1 else {
            throw ServiceError(
                .unimplemented,
                "Several APIs have the method \(path); address one by its host: "
                    + candidates.keys.sorted().joined(separator: ", ") + ".")
        }
        return handler
    }
}
