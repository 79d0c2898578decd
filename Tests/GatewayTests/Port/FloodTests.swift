import NIOCore
import TestSupport
import Testing

@testable import Gateway

/// A kind of frame that is sent without end.
struct Flood: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var start: [UInt8] = []
    /// What is sent at each of the turns.
    let block: @Sendable (Int) -> [UInt8]

    private typealias Bytes = HTTP2Bytes

    /// The identifier of the stream that is opened at a turn.
    private static func stream(_ turn: Int) -> UInt32 { UInt32(2 * turn + 1) }

    static let ended: [Flood] = [
        Flood(testDescription: "empty DATA", start: Bytes.headers(1)) { _ in Bytes.data(1) },
        Flood(testDescription: "SETTINGS") { _ in Bytes.settings() },
        Flood(testDescription: "SETTINGS with values") { turn in
            Bytes.settings([0, 4, 0, 0, UInt8(turn >> 8 & 255), UInt8(turn & 255)])
        },
        Flood(testDescription: "PING") { _ in Bytes.ping },
        Flood(testDescription: "PRIORITY") { _ in (0..<100).flatMap { _ in Bytes.priority(3) } },
        Flood(testDescription: "small CONTINUATION", start: Bytes.headers(1, flags: 0)) { _ in
            Bytes.continuation(1, [])
        },
        Flood(testDescription: "large CONTINUATION", start: Bytes.headers(1, flags: 0)) { _ in
            Bytes.continuation(1, Array(repeating: 0x84, count: 16_000))
        },
        Flood(testDescription: "rapid resets") { turn in
            Bytes.headers(stream(turn)) + Bytes.reset(stream(turn))
        },
        Flood(testDescription: "streams that are never ended") { turn in Bytes.headers(stream(turn)) },
        Flood(testDescription: "streams over their windows") { turn in
            Bytes.headers(stream(turn))
                + (0..<5).flatMap { _ in Bytes.data(stream(turn), Array(repeating: 0, count: 16_384)) }
        },
        Flood(testDescription: "WINDOW_UPDATE of nothing") { _ in Bytes.windowUpdate(0) },
        Flood(testDescription: "frames that are too long") { _ in Bytes.data(1, Array(repeating: 0, count: 20_000)) },
    ]

    static let borne: [Flood] = [
        Flood(testDescription: "WINDOW_UPDATE") { _ in (0..<10).flatMap { _ in Bytes.windowUpdate(1) } },
        Flood(testDescription: "frames of types that nobody knows") { _ in
            (0..<10).flatMap { _ in Bytes.frame(0xEE, [1, 2, 3]) }
        },
    ]
}

@Suite("A flood over HTTP/2", .serialized, .timeLimit(.minutes(10)))
struct FloodTests {
    @Test("ends the connection, while others are served", arguments: Flood.ended)
    func ended(_ flood: Flood) async throws {
        try await TestGateway.with { (gateway) async throws in
            async let isEnded = RawClient.flood(port: gateway.port, flood.start, count: 3_000, flood.block)
            #expect(try await isServed(gateway))
            #expect(try await isEnded)
            #expect(try await isServed(gateway))
        }
    }

    @Test("that asks for nothing is borne, while others are served", arguments: Flood.borne)
    func borne(_ flood: Flood) async throws {
        try await TestGateway.with { (gateway) async throws in
            async let isEnded = RawClient.flood(port: gateway.port, flood.start, count: 500, flood.block)
            #expect(try await isServed(gateway))
            #expect(try await isEnded == false)
        }
    }

    @Test("may be followed by requests at once: they find nobody, and nobody else is harmed")
    func streamsAfterTheEnd() async throws {
        var limits = TestGateway.testLimits
        limits.pings = 5
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            let pings = (0..<6).flatMap { _ in HTTP2Bytes.ping }
            let requests = (0..<50).flatMap { HTTP2Bytes.headers(UInt32(2 * $0 + 1)) }
            for _ in 0..<20 {
                #expect(try await RawClient.flood(port: gateway.port, pings + requests, count: 0) { _ in [] })
            }
            #expect(try await isServed(gateway))
        }
    }

    @Test("does not keep the server from stopping")
    func stop() async throws {
        for _ in 0..<5 {
            let flood = try await TestGateway.with { (gateway) async throws in
                let flood = Task {
                    try await RawClient.flood(port: gateway.port, [], count: 3_000) { turn in
                        HTTP2Bytes.headers(UInt32(2 * turn + 1), isPost: false, flags: 5)
                    }
                }
                #expect(try await isServed(gateway))
                return flood
            }
            _ = try await flood.value
        }
    }

    @Test("is not a PING for each answer, as gRPC clients send it")
    func measuring() async throws {
        var limits = TestGateway.testLimits
        limits.pings = 10
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                try await outbound.write(ByteBuffer(bytes: HTTP2Bytes.start))
                var reader = HTTP2FrameReader()
                for turn in 0..<300 {
                    let request = HTTP2Bytes.headers(
                        UInt32(2 * turn + 1), isPost: false, flags: HTTP2Bytes.endHeaders | HTTP2Bytes.endStream)
                    try await outbound.write(ByteBuffer(bytes: request))
                    var isAnswered = false
                    while !isAnswered, let frame = await reader.next(&inbound) {
                        isAnswered = frame.type <= 1 && frame.flags & HTTP2Bytes.endStream != 0
                    }
                    try #require(isAnswered, "at turn \(turn)")
                    try await outbound.write(ByteBuffer(bytes: HTTP2Bytes.ping))
                }
            }
        }
    }

    @Test("of bad streams ends those streams, and one alone no other")
    func badStream() async throws {
        try await TestGateway.with { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                // The second stream has a header that HTTP/2 does not allow: `connection`.
                let connection = HTTP2Bytes.literal("connection", "x")
                let bytes =
                    HTTP2Bytes.start + HTTP2Bytes.headers(1) + HTTP2Bytes.headers(3, connection)
                    + HTTP2Bytes.data(1, [1, 2, 3], flags: HTTP2Bytes.endStream)
                try await outbound.write(ByteBuffer(bytes: bytes))
                var reader = HTTP2FrameReader()
                var reset: UInt8?
                var answered: UInt8?
                while answered == nil, let frame = await reader.next(&inbound) {
                    if frame.isReset { reset = frame.stream }
                    if frame.type <= 1, frame.flags & HTTP2Bytes.endStream != 0 { answered = frame.stream }
                }
                #expect(reset == 3)
                #expect(answered == 1)
            }
        }
    }
}

/// Whether a client that means well gets its answer.
func isServed(_ gateway: TestGateway) async throws -> Bool {
    try await RawClient.exchange(port: gateway.port, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        .hasPrefix("HTTP/1.1 200")
}
