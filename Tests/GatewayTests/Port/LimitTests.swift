import Foundation
import NIOCore
import TestSupport
import Testing

@testable import Gateway

@Suite("What one peer may use", .timeLimit(.minutes(10)))
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

    @Test("A header that does not end is cut off after other requests, too")
    func slowLaterHead() async throws {
        var limits = TestGateway.testLimits
        limits.requestHead = .milliseconds(100)
        limits.idle = .seconds(3600)
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            let rest = try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nhost: a\r\n\r\n"))
                _ = try await RawClient.read(&inbound, until: "body=0")
                try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\n"))
                return try await RawClient.read(&inbound)
            }
            #expect(rest == "")
        }
    }

    @Test("A TLS handshake that does not end is cut off")
    func slowHandshake() async throws {
        var limits = TestGateway.testLimits
        limits.settling = .milliseconds(100)
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            do {
                try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                    try await outbound.write(ByteBuffer(bytes: [22, 3, 1, 2, 0, 1]))
                    #expect(try await inbound.next() == nil)
                }
            } catch let error as IOError {
                // Cut off before the first bytes were even read.
                #expect(error.errnoCode == ECONNRESET)
            }
        }
    }

    @Test("A connection without requests is closed, one that is used is not")
    func idle() async throws {
        var limits = TestGateway.testLimits
        limits.idle = .seconds(10)
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            let answers = try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                for _ in 0..<3 {
                    try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nhost: a\r\n\r\n"))
                    _ = try await RawClient.read(&inbound, until: "body=0")
                    try await Task.sleep(for: .seconds(4))
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
            #expect(answer.hasPrefix("HTTP/1.1 431"))
            #expect(answer.contains("over the limit of 200 fields or 65536 bytes"))
        }
    }

    @Test(
        "What is no HTTP is refused with the reason",
        arguments: [
            ("\u{0}\u{1}\r\n\r\n", "method"), ("GET /\r\n\r\n", "version"),
            ("GET / HTTP/1.1\r\nhost : a\r\n\r\n", "header field"),
            ("POST / HTTP/1.1\r\ncontent-length: -5\r\n\r\n", "Content-Length"),
            ("POST / HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef", "Content-Length"),
            ("POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1"),
        ])
    func malformed(request: String, reason: String) async throws {
        try await TestGateway.with { (gateway) async throws in
            let answer = try await RawClient.exchange(port: gateway.port, request)
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            let body = try #require(answer.components(separatedBy: "\r\n\r\n").last)
            #expect(body.contains(reason), "\(answer)")
        }
    }

    @Test("A malformed request is refused after the answers to those before it")
    func malformedLater() async throws {
        try await TestGateway.with { (gateway) async throws in
            let answers = try await RawClient.exchange(
                port: gateway.port, "GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/9.9\r\n\r\n")
            #expect(answers.hasPrefix("HTTP/1.1 200"))
            #expect(answers.hasSuffix("The request's version is not one of HTTP.\n"))
        }
    }

    @Test("A client that sends all before it reads gets its answer, however much it sends after an early one")
    func unreadBody() async throws {
        try await TestGateway.with { (gateway) async throws in
            let size = 20_000_000
            let head = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: \(size)\r\n\r\n"
            let answer = try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                try await outbound.write(ByteBuffer(string: head))
                try await outbound.write(ByteBuffer(repeating: 0, count: size))
                return try await RawClient.read(&inbound)
            }
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("A connection is cut when its client sends far more than was asked for")
    func endlessBody() async throws {
        var limits = TestGateway.testLimits
        limits.unreadBytes = 1_000
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            let head = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
            let chunk = "1000\r\n\(String(repeating: "x", count: 0x1000))\r\n"
            await #expect(throws: (any Error).self) {
                try await RawClient.with(port: gateway.port) { (_, outbound) async throws in
                    try await outbound.write(ByteBuffer(string: head))
                    while true { try await outbound.write(ByteBuffer(string: chunk)) }
                }
            }
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

    @Test("Many PINGs are answered")
    func pings() async throws {
        try await TestGateway.with { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                let pings = (0..<100).flatMap { _ in HTTP2Bytes.ping }
                try await outbound.write(ByteBuffer(bytes: HTTP2Bytes.start + pings))
                var received: [UInt8] = []
                // The server's own SETTINGS, the acknowledgement of ours, and a hundred of PINGs.
                while received.count < 100 * HTTP2Bytes.ping.count, let bytes = try await inbound.next() {
                    received += bytes.readableBytesView
                }
                #expect(received.count >= 100 * HTTP2Bytes.ping.count)
            }
        }
    }

    @Test("A flood of PINGs closes the connection")
    func pingFlood() async throws {
        var limits = TestGateway.testLimits
        limits.pings = 50
        try await TestGateway.with(limits: limits) { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                let pings = (0...50).flatMap { _ in HTTP2Bytes.ping }
                try await outbound.write(ByteBuffer(bytes: HTTP2Bytes.start + pings))
                #expect(try await RawClient.read(&inbound).contains("too_many_pings"))
            }
        }
    }
}
