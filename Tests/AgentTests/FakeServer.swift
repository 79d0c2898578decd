import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import Schema

/// The server's side of the protocol at a Unix socket: a test is handed each connection, and plays it.
struct FakeServer: Sendable {
    typealias FromAgent = Landfall_Agent_V1_FromAgent
    typealias ToAgent = Landfall_Agent_V1_ToAgent

    /// One stream that an agent opened.
    struct Connection: Sendable {
        let received: AsyncStream<FromAgent>
        private let outgoing: AsyncStream<ToAgent>.Continuation

        init(_ received: AsyncStream<FromAgent>, _ outgoing: AsyncStream<ToAgent>.Continuation) {
            self.received = received
            self.outgoing = outgoing
        }

        func send(_ message: ToAgent) { outgoing.yield(message) }

        func close() { outgoing.finish() }
    }

    let socketPath: String
    let connections: AsyncStream<Connection>
    private let accepted: AsyncStream<Connection>.Continuation

    init(socketPath: String) {
        self.socketPath = socketPath
        (connections, accepted) = AsyncStream.makeStream()
    }

    /// Listens while `body` runs.
    func run<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        let transport = HTTP2ServerTransport.Posix(
            address: .unixDomainSocket(path: socketPath), transportSecurity: .plaintext)
        var router = RPCRouter<HTTP2ServerTransport.Posix>()
        router.registerHandler(
            forMethod: MethodDescriptor(fullyQualifiedService: "landfall.agent.v1.Agents", method: "Connect"),
            deserializer: ProtobufDeserializer<FromAgent>(), serializer: ProtobufSerializer<ToAgent>()
        ) { request, _ in
            StreamingServerResponse { writer in
                let (received, incoming) = AsyncStream.makeStream(of: FromAgent.self)
                let (messages, outgoing) = AsyncStream.makeStream(of: ToAgent.self)
                accepted.yield(Connection(received, outgoing))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { for try await message in request.messages { incoming.yield(message) } }
                    for await message in messages { try await writer.write(message) }
                    group.cancelAll()
                }
                incoming.finish()
                return [:]
            }
        }
        let server = GRPCServer(transport: transport, router: router)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            _ = try await transport.listeningAddress
            let result = try await body()
            group.cancelAll()
            while let end = await group.nextResult() { _ = end }
            try? FileManager.default.removeItem(atPath: socketPath)
            return result
        }
    }
}

/// A directory of this user's own, removed at the end.
func withTemporaryDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    var template = Array("/tmp/landfall-agent-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
