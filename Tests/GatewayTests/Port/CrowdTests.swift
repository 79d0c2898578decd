import NIOCore
import TestSupport
import Testing

@testable import Gateway

@Suite("Connections that wait", .serialized, .timeLimit(.minutes(10)))
struct CrowdTests {
    @Test(
        "keep nobody out",
        arguments: [
            [], Array("GET / HT".utf8), Array("GET / HTTP/1.1\r\nhost: a\r\n\r\n".utf8), HTTP2Bytes.start,
            HTTP2Bytes.start + HTTP2Bytes.headers(1), [22, 3, 1, 2, 0, 1], Array("CONNECT a".utf8),
            Array("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nx".utf8),
        ])
    func givesWay(opening: [UInt8]) async throws {
        var limits = TestGateway.testLimits
        limits.connections = 20
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            let (arrived, report) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingDiscardingTaskGroup { (group) async throws in
                for _ in 0..<60 {
                    group.addTask {
                        try? await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                            report.yield()
                            try await outbound.write(ByteBuffer(bytes: opening))
                            while try await inbound.next() != nil {}
                        }
                    }
                }
                // Who comes in their midst, before it has been heard, could have to give way as they do.
                var arrivals = arrived.makeAsyncIterator()
                for _ in 0..<60 { await arrivals.next() }
                for _ in 0..<20 { #expect(try await isServed(gateway)) }
                group.cancelAll()
            }
        }
    }

    @Test("give way before one that is served")
    func busy() async throws {
        var limits = TestGateway.testLimits
        limits.connections = 10
        let echo = EchoAPIs()
        try await TestGateway.with(limits: limits, apis: echo.apis) { (gateway) async throws in
            try await gateway.call(host: "logging.googleapis.com") { (client) async throws in
                let (answers, answered) = AsyncStream.makeStream(of: String.self)
                try await tail(client) { (writer) async throws in
                    var answers = answers.makeAsyncIterator()
                    try await writer.write(.with { $0.resourceNames = ["before"] })
                    #expect(await answers.next() == "before")
                    for _ in 0..<50 { #expect(try await isServed(gateway)) }
                    try await writer.write(.with { $0.resourceNames = ["after"] })
                    #expect(await answers.next() == "after")
                } responses: { response in
                    for try await message in response.messages {
                        answered.yield(message.entries.first?.textPayload ?? "")
                    }
                }
            }
        }
    }
}
