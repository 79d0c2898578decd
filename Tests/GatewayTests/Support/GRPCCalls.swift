import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import Schema

typealias Client = GRPCClient<HTTP2ClientTransport.Posix>
typealias TailRequest = Google_Logging_V2_TailLogEntriesRequest
typealias TailResponse = Google_Logging_V2_TailLogEntriesResponse

extension TestGateway {
    enum Way: Sendable, CaseIterable {
        case plain
        case tls
        case unix
    }

    /// Runs a gRPC client that addresses a host.
    func call<Value: Sendable>(
        _ way: Way = .plain, host: String? = "batch.googleapis.com",
        configure: (inout HTTP2ClientTransport.Posix.Config) -> Void = { _ in },
        _ body: (Client) async throws -> Value
    ) async throws -> Value {
        let config = HTTP2ClientTransport.Posix.Config.defaults {
            $0.http2.authority = host
            configure(&$0)
        }
        let file = certificateFile
        let transport =
            switch way {
            case .plain:
                try HTTP2ClientTransport.Posix(
                    target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext, config: config)
            case .unix:
                try HTTP2ClientTransport.Posix(
                    target: .unixDomainSocket(path: socketPath), transportSecurity: .plaintext, config: config)
            case .tls:
                try HTTP2ClientTransport.Posix(
                    target: .ipv4(address: "127.0.0.1", port: port),
                    transportSecurity: .tls { $0.trustRoots = .certificates([.file(path: file, format: .pem)]) },
                    config: config)
            }
        return try await withGRPCClient(transport: transport, handleClient: body)
    }
}

func getJob(
    _ client: Client, _ name: String, metadata: Metadata = [:], options: CallOptions = .defaults
) async throws -> Google_Cloud_Batch_V1_Job {
    try await client.unary(
        request: ClientRequest(
            message: Google_Cloud_Batch_V1_GetJobRequest.with { $0.name = name }, metadata: metadata),
        descriptor: MethodDescriptor(fullyQualifiedService: "google.cloud.batch.v1.BatchService", method: "GetJob"),
        serializer: ProtobufSerializer<Google_Cloud_Batch_V1_GetJobRequest>(),
        deserializer: ProtobufDeserializer<Google_Cloud_Batch_V1_Job>(), options: options
    ) { try $0.message }
}

func getOperation(_ client: Client, method: String = "GetOperation") async throws -> String {
    try await client.unary(
        request: ClientRequest(message: Google_Longrunning_GetOperationRequest()),
        descriptor: MethodDescriptor(fullyQualifiedService: "google.longrunning.Operations", method: method),
        serializer: ProtobufSerializer<Google_Longrunning_GetOperationRequest>(),
        deserializer: ProtobufDeserializer<Google_Longrunning_Operation>(), options: .defaults
    ) { try $0.message.name }
}

func tail<Value: Sendable>(
    _ client: Client, requests: @escaping @Sendable (RPCWriter<TailRequest>) async throws -> Void,
    responses: @escaping @Sendable (StreamingClientResponse<TailResponse>) async throws -> Value
) async throws -> Value {
    try await client.bidirectionalStreaming(
        request: StreamingClientRequest(producer: requests),
        descriptor: MethodDescriptor(
            fullyQualifiedService: "google.logging.v2.LoggingServiceV2", method: "TailLogEntries"),
        serializer: ProtobufSerializer<TailRequest>(), deserializer: ProtobufDeserializer<TailResponse>(),
        options: .defaults, onResponse: responses)
}
