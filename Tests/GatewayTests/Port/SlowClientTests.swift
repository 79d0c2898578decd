import HTTPTypes
import HummingbirdCore
import NIOCore
import TestSupport
import Testing

@testable import Gateway

@Suite("A client that takes its time", .serialized, .timeLimit(.minutes(10)))
struct SlowClientTests {
    private static var limits: Limits {
        var limits = TestGateway.testLimits
        limits.idle = .milliseconds(500)
        limits.requestBody = .seconds(5)
        return limits
    }

    /// Sends a start, then one piece again and again.
    ///
    /// - Returns: when the server has ended the connection, or reset a stream.
    private func drip(_ gateway: TestGateway, _ start: [UInt8], _ piece: [UInt8], every pause: Duration) async throws {
        try? await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
            let sending = Task {
                try await outbound.write(ByteBuffer(bytes: start))
                while !piece.isEmpty {
                    try await Task.sleep(for: pause)
                    try await outbound.write(ByteBuffer(bytes: piece))
                }
            }
            defer { sending.cancel() }
            guard start.starts(with: Array("PRI".utf8)) else {
                while try await inbound.next() != nil {}
                return
            }
            var reader = HTTP2FrameReader()
            while let frame = await reader.next(&inbound), !frame.isReset {}
        }
    }

    @Test("with a body is cut off: in the middle of it, or when all of it takes too long", arguments: [false, true])
    func body(isSilent: Bool) async throws {
        let http1 = Array("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n".utf8)
        let http2 = HTTP2Bytes.start + HTTP2Bytes.headers(1)
        try await TestGateway.with(limits: Self.limits) { (gateway) async throws in
            async let first: Void = drip(gateway, http1, isSilent ? [] : [0x61], every: .milliseconds(50))
            async let second: Void = drip(
                gateway, http2, isSilent ? [] : HTTP2Bytes.data(1, [0x61]), every: .milliseconds(50))
            #expect(try await isServed(gateway))
            _ = try await (first, second)
        }
    }

    @Test("that sends a file may take its time, as long as it makes progress")
    func file() async throws {
        var limits = TestGateway.testLimits
        // The server has so long until it knows what the request is for.
        limits.requestBody = .seconds(10)
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                let head = "POST /unhurried HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\n"
                try await outbound.write(ByteBuffer(string: head))
                for _ in 0..<4 {
                    try await Task.sleep(for: .seconds(3))
                    try await outbound.write(ByteBuffer(string: "x"))
                }
                var answer = ""
                while !answer.contains("body="), let part = try await inbound.next() { answer += String(buffer: part) }
                #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains("body=4"), "\(answer)")
            }
        }
    }

    @Test("over HTTP/2 is told to go, and made to, whether or not it answers PINGs")
    func idle() async throws {
        try await TestGateway.with(limits: Self.limits) { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                try await outbound.write(ByteBuffer(bytes: HTTP2Bytes.start))
                var reader = HTTP2FrameReader()
                var isToldToGo = false
                // Ends: the PING that follows the GOAWAY is never answered.
                while let frame = await reader.next(&inbound) { isToldToGo = isToldToGo || frame.isGoAway }
                #expect(isToldToGo)
            }
        }
    }

    @Test("with the header of a request over HTTP/2 is cut off")
    func header() async throws {
        try await TestGateway.with(limits: Self.limits) { (gateway) async throws in
            let start = HTTP2Bytes.start + HTTP2Bytes.headers(1, flags: 0)
            try await drip(gateway, Array(start.dropLast(3)), [], every: .zero)
        }
    }

    private static let size = 50_000_000

    private static let large: Endpoint.RESTResponse = { _, _, _ in
        Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 0x78, count: size)))
    }

    @Test("with reading its answer is cut off", arguments: [false, true])
    func reading(http2: Bool) async throws {
        try await TestGateway.with(limits: Self.limits, rest: Self.large) { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                let request =
                    http2
                    ? HTTP2Bytes.start
                        + HTTP2Bytes.headers(1, isPost: false, flags: HTTP2Bytes.endHeaders | HTTP2Bytes.endStream)
                    : Array("GET / HTTP/1.1\r\nhost: a\r\n\r\n".utf8)
                try await outbound.write(ByteBuffer(bytes: request))
                if http2 {
                    // The window of 65,535 bytes is never opened any further.
                    var reader = HTTP2FrameReader()
                    var isCut = false
                    while !isCut, let frame = await reader.next(&inbound) { isCut = frame.isReset || frame.isGoAway }
                } else {
                    // Longer than the server waits; what nobody reads stays in its buffers and ours.
                    try await Task.sleep(for: .seconds(3))
                    var size = 0
                    while let bytes = try? await inbound.next() { size += bytes.readableBytes }
                    #expect(size < Self.size)
                }
            }
        }
    }

    @Test("is not one whose stream of messages is silent")
    func stream() async throws {
        let echo = EchoAPIs()
        var limits = TestGateway.testLimits
        limits.idle = .seconds(8)
        limits.requestBody = .seconds(8)
        try await TestGateway.with(limits: limits, apis: echo.apis) { (gateway) async throws in
            try await gateway.call(host: "logging.googleapis.com") { (client) async throws in
                let (answers, answered) = AsyncStream.makeStream(of: String.self)
                try await tail(client) { (writer) async throws in
                    var answers = answers.makeAsyncIterator()
                    for name in ["a", "b"] {
                        try await writer.write(.with { $0.resourceNames = [name] })
                        #expect(await answers.next() == name)
                        // Longer than a request may be silent, or take.
                        try await Task.sleep(for: .seconds(9))
                    }
                } responses: { response in
                    for try await message in response.messages {
                        answered.yield(message.entries.first?.textPayload ?? "")
                    }
                }
            }
        }
    }
}
