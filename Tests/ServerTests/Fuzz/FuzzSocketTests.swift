import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import TestSupport
import Testing

import struct Gateway.Limits
import struct Methods.ServiceError

@Suite("Any request at all, over a socket")
struct FuzzSocketTests {
    @Test("is answered, and never by an error of the server's own", .timeLimit(.minutes(60)))
    func overSocket() async throws {
        try await FuzzServer.with { server in
            try await server.whileListening { port in
                let http = RawHTTP(port: port)
                let targets = server.targets.filter { !$0.isOwners }
                var calls = FuzzCalls(
                    schema: try FuzzSchema(), token: server.token, source: FuzzSource(seed: FuzzSettings.seed))
                for index in 0..<FuzzSettings.requests / 3 {
                    let call = try calls.call(index, among: targets)
                    let fault = call.isGRPC ? try await grpc(call, port) : try await rest(call, http, &calls.source)
                    try await server.repair()
                    if let fault {
                        Issue.record("seed \(FuzzSettings.seed), request \(index): \(fault)\n\(call.text)")
                    }
                }
            }
        }
    }

    /// Sends a call over HTTP/1.1, now and then with damaged bytes.
    private func rest(_ call: FuzzCall, _ http: RawHTTP, _ source: inout FuzzSource) async throws -> String? {
        var lines = ["\(call.verb) \(call.path) HTTP/1.1", "host: \(call.host)", "connection: close"]
        lines += call.fields.map { "\($0.name): \($0.value)" } + ["content-length: \(call.body.count)", "\r\n"]
        var bytes = Array(lines.joined(separator: "\r\n").utf8) + call.body
        let isDamaged = source.chance(20)
        if isDamaged { bytes = FuzzDamage.bytes(bytes, &source) }
        let answer = try await http.exchange(Data(bytes), end: true, patience: 60)
        // Bytes that are cut before their first line is complete end without an answer.
        guard !isDamaged || answer.status != 0 else { return nil }
        return (200..<500).contains(answer.status) && answer.status != 499 ? nil : "status \(answer.status)"
    }

    /// Makes a call over gRPC when it is one that a library can send.
    private func grpc(_ call: FuzzCall, _ port: Int) async throws -> String? {
        guard !call.target.isStream, FuzzVerdict.isOneMessage(call.body), call.host == call.target.host else {
            return nil
        }
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext,
            config: .defaults { $0.http2.authority = call.host })
        let parts = call.path.split(separator: "/").map(String.init)
        let authorization = call.fields.last { $0.name == "authorization" }?.value ?? ""
        // Fields of HTTP/2 are ASCII.
        let value = authorization.filter { $0.isASCII && !$0.isNewline }
        // The server says how long a header may be, and closes the connection on a longer one (RFC 9113, 10.5.1). This
        // library does not heed that. What it adds itself takes less than a kilobyte.
        guard value.utf8.count < Limits().streamHeaderBytes - 1024 else { return nil }
        let metadata: Metadata = ["authorization": "\(value)"]
        let message = Array(call.body.dropFirst(5))
        return try await withGRPCClient(transport: transport) { client in
            do {
                _ = try await client.unary(
                    request: ClientRequest(message: message, metadata: metadata),
                    descriptor: MethodDescriptor(fullyQualifiedService: parts[0], method: parts[1]),
                    serializer: Bytes(), deserializer: Bytes(), options: .defaults
                ) { try $0.message }
                return nil
            } catch let error as RPCError {
                guard let code = ServiceError.Code(rawValue: Int32(error.code.rawValue)) else { return "\(error)" }
                return FuzzVerdict.fault(of: call, ServiceError(code, error.message))
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
