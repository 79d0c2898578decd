import Foundation
import NIOCore
import Testing

@testable import Gateway

@Suite("What one peer may use", .timeLimit(.minutes(1)))
struct LimitTests {
    @Test("A header that does not end is cut off", arguments: ["", "GET", "GET / HTTP/1.1\r\nx: y\r\n", "CONNECT a"])
    func slowHead(start: String) async throws {
        var limits = TestGateway.testLimits
        limits.settling = .milliseconds(100)
        limits.requestHead = .milliseconds(100)
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            do {
                let answer = try await RawClient.exchange(port: gateway.port, start)
                #expect(answer == "")
            } catch let error as IOError {
                // Cut off before the first bytes were even read.
                #expect(error.errnoCode == ECONNRESET)
            }
        }
    }

    @Test("A TLS handshake that does not end is cut off")
    func slowHandshake() async throws {
        var limits = TestGateway.testLimits
        limits.settling = .milliseconds(100)
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                try await outbound.write(ByteBuffer(bytes: [22, 3, 1, 2, 0, 1]))
                #expect(try await inbound.next() == nil)
            }
        }
    }

    @Test("A connection without requests is closed, one that is used is not")
    func idle() async throws {
        var limits = TestGateway.testLimits
        limits.idle = .seconds(3)
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            let answers = try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                for _ in 0..<3 {
                    try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nhost: a\r\n\r\n"))
                    _ = try await RawClient.read(&inbound, until: "body=0")
                    try await Task.sleep(for: .milliseconds(1200))
                }
                return try await RawClient.read(&inbound)
            }
            #expect(answers == "")
        }
    }

    @Test("Too many and too long header fields are refused", arguments: [(1_000, 1), (2, 100_000)])
    func headers(count: Int, size: Int) async throws {
        try await TestGateway.with { (gateway) async throws in
            let fields = (0..<count).map { "x\($0): \(String(repeating: "y", count: size))\r\n" }.joined()
            let answer = try await RawClient.exchange(port: gateway.port, "GET / HTTP/1.1\r\n\(fields)\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test("Connections over the limit wait until another is closed")
    func connections() async throws {
        var limits = TestGateway.testLimits
        limits.connections = 1
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            let request = ByteBuffer(string: "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            let waiting = try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nhost: a\r\n\r\n"))
                _ = try await RawClient.read(&inbound, until: "body=0")
                let waiting = Task {
                    try await RawClient.exchange(port: gateway.port, String(buffer: request))
                }
                // The first connection still works, which shows that the second has not taken its place.
                try await outbound.write(request)
                #expect(try await RawClient.read(&inbound).hasSuffix("body=0"))
                return waiting
            }
            #expect(try await waiting.value.hasSuffix("body=0"))
        }
    }

    private static let http2Start = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
    private static let ping: [UInt8] = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]

    @Test("Many PINGs are answered")
    func pings() async throws {
        try await TestGateway.with { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                let pings = (0..<100).flatMap { _ in Self.ping }
                try await outbound.write(ByteBuffer(bytes: Self.http2Start + pings))
                var received: [UInt8] = []
                // The server's own SETTINGS, the acknowledgement of ours, and a hundred of PINGs.
                while received.count < 100 * Self.ping.count, let bytes = try await inbound.next() {
                    received += bytes.readableBytesView
                }
                #expect(received.count >= 100 * Self.ping.count)
            }
        }
    }

    @Test("A flood of PINGs closes the connection")
    func pingFlood() async throws {
        var limits = TestGateway.testLimits
        limits.pings = 50
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                let pings = (0...50).flatMap { _ in Self.ping }
                try await outbound.write(ByteBuffer(bytes: Self.http2Start + pings))
                #expect(try await RawClient.read(&inbound).contains("too_many_pings"))
            }
        }
    }
}
