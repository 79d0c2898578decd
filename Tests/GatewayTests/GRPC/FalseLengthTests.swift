import NIOCore
import NIOHPACK
import TestSupport
import Testing

@testable import Gateway

@Suite("A gRPC message that is not as long as it says", .timeLimit(.minutes(10)))
struct FalseLengthTests {
    @Test(
        "is refused with its status, and the connection goes on",
        arguments: [
            ([0, 0xFF, 0xFF, 0xFF, 0xFF], "8"), ([0, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3], "8"), ([0, 0, 0x40, 0, 1], "8"),
            ([0, 0, 0, 0, 9, 1], "3"), ([0, 0, 0], "3"), ([0, 0, 0, 0, 0, 1], "3"), ([], "12"),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "12"), ([1, 0, 0, 0, 0], "12"), ([7, 0, 0, 0, 1, 1], "12"),
            ([0, 0, 0, 0, 1, 0xFF], "3"),
        ] as [([UInt8], String)])
    func refused(body: [UInt8], status: String) async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                try await outbound.write(ByteBuffer(bytes: HTTP2Bytes.start))
                var reader = HTTP2FrameReader()
                var headers = HPACKDecoder(allocator: .init())
                for stream: UInt32 in [1, 3] {
                    let request =
                        HTTP2Bytes.headers(
                            stream, path: "/google.cloud.batch.v1.BatchService/GetJob",
                            HTTP2Bytes.literal("content-type", "application/grpc"))
                        + HTTP2Bytes.data(stream, body, flags: HTTP2Bytes.endStream)
                    try await outbound.write(ByteBuffer(bytes: request))
                    var answer: String?
                    while answer == nil, let frame = await reader.next(&inbound) {
                        guard frame.type == 1 else { continue }
                        var block = ByteBuffer(bytes: frame.payload)
                        answer = try headers.decodeHeaders(from: &block).first(name: "grpc-status")
                    }
                    #expect(answer == status)
                }
            }
        }
    }
}
