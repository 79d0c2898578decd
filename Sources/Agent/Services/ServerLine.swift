import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import Schema
import SwiftProtobuf
import Synchronization

/// The connection that the agent's questions about credentials go over, while there is one.
final class ServerLine: Sendable {
    typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

    /// The server answers from memory; what takes longer is a server that is stuck.
    private static let patience = Duration.seconds(10)

    private let client = Mutex<Client?>(nil)

    /// Opens the line for as long as `body` runs.
    func open<Result>(over client: Client, _ body: () async throws -> Result) async rethrows -> Result {
        self.client.withLock { $0 = client }
        defer {
            self.client.withLock { if $0 === client { $0 = nil } }
        }
        return try await body()
    }

    /// Asks the server one question.
    ///
    /// - Throws: `RPCError`; `.unavailable` when there is no connection.
    func ask<Request: Message & Sendable, Response: Message & Sendable>(
        _ method: String, _ request: Request
    ) async throws -> Response {
        guard let client = client.withLock({ $0 }) else {
            throw RPCError(code: .unavailable, message: "The server is away.")
        }
        var options = CallOptions.defaults
        options.waitForReady = false
        options.timeout = Self.patience
        return try await client.unary(
            request: ClientRequest(message: request),
            descriptor: MethodDescriptor(
                fullyQualifiedService: "landfall.agent.v1.TaskCredentials", method: method),
            serializer: ProtobufSerializer<Request>(), deserializer: ProtobufDeserializer<Response>(),
            options: options
        ) { try $0.message }
    }
}
