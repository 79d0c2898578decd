import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import Schema
import SwiftProtobuf

extension Stranger {
    /// What a gRPC call that must fail has failed with.
    struct Failure {
        var code: RPCError.Code
        var message: String
        /// The message and the details of `grpc-status-details-bin`; nil when there is none.
        var status: Google_Rpc_Status?

        /// The fields that the error names.
        var fields: [String] {
            (status?.details ?? []).compactMap { try? Google_Rpc_BadRequest(unpackingAny: $0) }
                .flatMap(\.fieldViolations).map(\.field)
        }
    }

    /// Calls a unary method with a message in bytes, which may be no message at all.
    ///
    /// - Returns: nil when the call did not fail.
    func call(
        _ service: String, _ method: String, _ message: [UInt8], host: String = "batch.googleapis.com",
        metadata: Metadata? = nil
    ) async throws -> Failure? {
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(address: "127.0.0.1", port: http.port), transportSecurity: .plaintext,
            config: .defaults { $0.http2.authority = host })
        let metadata = metadata ?? ["authorization": "Bearer \(token)"]
        return try await withGRPCClient(transport: transport) { client in
            do {
                _ = try await client.unary(
                    request: ClientRequest(message: message, metadata: metadata),
                    descriptor: MethodDescriptor(fullyQualifiedService: service, method: method),
                    serializer: Bytes(), deserializer: Bytes(), options: .defaults
                ) { try $0.message }
                return nil
            } catch let error as RPCError {
                let details = error.metadata[binaryValues: "grpc-status-details-bin"].first { _ in true }
                return Failure(
                    code: error.code, message: error.message,
                    status: try details.map { try Google_Rpc_Status(serializedBytes: $0) })
            }
        }
    }

    private struct Bytes: MessageSerializer, MessageDeserializer {
        func serialize<Buffer: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Buffer { Buffer(message) }
        func deserialize<Buffer: GRPCContiguousBytes>(_ buffer: Buffer) throws -> [UInt8] {
            buffer.withUnsafeBytes { Array($0) }
        }
    }
}
