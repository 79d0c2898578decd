import HTTPTypes
import HummingbirdCore
import NIOCore
import Testing

@testable import Gateway

/// A request that two readers could take apart in two ways.
struct Smuggling: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What follows `POST http://origin/ HTTP/1.1`, without the `Host`.
    let rest: String

    private static let hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"

    private init(_ name: String, _ rest: String) {
        testDescription = name
        self.rest = rest
    }

    static let all = [
        Smuggling("both lengths", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling(
            "both lengths, the other way", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling("two lengths", "Content-Length: 0\r\nContent-Length: \(hidden.utf8.count)\r\n\r\n" + hidden),
        Smuggling("a list of lengths", "Content-Length: 0, \(hidden.utf8.count)\r\n\r\n" + hidden),
        Smuggling("a length with a sign", "Content-Length: +\(hidden.utf8.count)\r\n\r\n" + hidden),
        Smuggling("a negative length", "Content-Length: -1\r\n\r\n" + hidden),
        Smuggling("a length in hexadecimal", "Content-Length: 0x10\r\n\r\n" + hidden),
        Smuggling("an endless length", "Content-Length: 184467440737095516160\r\n\r\n" + hidden),
        Smuggling(
            "a folded field", "X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling("a folded length", "Content-Length:\r\n 5\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling("a space before the colon", "Content-Length : 5\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling("a space before the name", " Content-Length: 5\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling("a NUL in a field", "X: a\u{0}b\r\nContent-Length: 0\r\n\r\n" + hidden),
        Smuggling("a carriage return in a field", "X: a\rContent-Length: 5\r\n\r\n" + hidden),
        Smuggling("an unknown coding", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling("a coding after chunked", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling(
            "chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling("a vertical tab before chunked", "Transfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling("quoted chunked", "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + hidden),
        Smuggling("a size of a chunk that is none", "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + hidden),
        Smuggling("a negative chunk", "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + hidden),
        Smuggling("an endless chunk", "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n" + hidden),
        Smuggling("a chunk that ends elsewhere", "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n" + hidden),
        Smuggling("a chunk without carriage returns", "Transfer-Encoding: chunked\r\n\r\n1\na\n0\n\n" + hidden),
    ]
}

@Suite("A request in a request", .serialized, .timeLimit(.minutes(10)))
struct SmugglingTests {
    @Test("does not get through the proxy", arguments: Smuggling.all)
    func proxy(_ smuggling: Smuggling) async throws {
        try await Origin.with { (origin) async throws in
            try await TestGateway.with(proxy: ProxyPolicy(reachesLocalAddresses: true)) { (gateway) async throws in
                let answers = try await exchange(gateway, "http://127.0.0.1:\(origin.port)/", smuggling)
                // Whatever follows is a request of its own, which the proxy looks at for itself; mostly the first is
                // refused and there is nothing that follows.
                #expect(!origin.received.contains("hidden"), "\(origin.received)")
                #expect(origin.received.components(separatedBy: "HTTP/1.1").count <= 2)
                #expect(answers.hasPrefix("HTTP/1.1 400") || answers.hasPrefix("HTTP/1.1 200"), "\(answers)")
            }
        }
    }

    @Test("is refused here, and nothing that follows is answered", arguments: Smuggling.all)
    func direct(_ smuggling: Smuggling) async throws {
        try await TestGateway.with(rest: Self.reader) { (gateway) async throws in
            let answers = try await exchange(gateway, "/", smuggling)
            #expect(answers.hasPrefix("HTTP/1.1 400"), "\(answers)")
            #expect(!answers.contains("/hidden"), "\(answers)")
        }
    }

    /// Answers when it has read the body, and refuses one that is broken.
    private static let reader: Endpoint.RESTResponse = { request, host, isSecure in
        guard let body = try? await request.body.collect(upTo: 1 << 20) else { return Response(status: .badRequest) }
        return await TestGateway.echo(Request(head: request.head, body: RequestBody(buffer: body)), host, isSecure)
    }

    /// What comes back until the connection ends, or is silent for a while.
    private func exchange(_ gateway: TestGateway, _ target: String, _ smuggling: Smuggling) async throws -> String {
        let request = "POST \(target) HTTP/1.1\r\nHost: a\r\n" + smuggling.rest
        return try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
            try await outbound.write(ByteBuffer(string: request))
            outbound.finish()
            return try await RawClient.read(&inbound)
        }
    }

    @Test("Lines that end with a line feed alone are the same to the proxy and to whom it passes them on")
    func bareLineFeeds() async throws {
        try await Origin.with { (origin) async throws in
            try await TestGateway.with(proxy: ProxyPolicy(reachesLocalAddresses: true)) { (gateway) async throws in
                let answers = try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                    let request =
                        "POST http://127.0.0.1:\(origin.port)/ HTTP/1.1\nHost: a\nX: b\nContent-Length: 2\n\nhi"
                        + "GET http://127.0.0.1:\(origin.port)/second HTTP/1.1\nHost: a\nConnection: close\n\n"
                    try await outbound.write(ByteBuffer(string: request))
                    outbound.finish()
                    return try await RawClient.read(&inbound)
                }
                // Either refused, or two requests, each on a connection of its own and with the ends of lines of HTTP.
                guard !answers.hasPrefix("HTTP/1.1 400") else { return }
                #expect(
                    origin.received.components(separatedBy: "connection: close\r\n").count == 3, "\(origin.received)")
                #expect(!origin.received.replacing("\r\n", with: "").contains("\n"))
            }
        }
    }

    @Test("Pipelined requests of the absolute form go each to its own host")
    func pipelined() async throws {
        try await Origin.with { (one) async throws in
            try await Origin.with { (other) async throws in
                try await TestGateway.with(proxy: ProxyPolicy(reachesLocalAddresses: true)) { (gateway) async throws in
                    let request =
                        "GET http://127.0.0.1:\(one.port)/one HTTP/1.1\r\nHost: 127.0.0.1:\(other.port)\r\n\r\n"
                        + "GET http://127.0.0.1:\(other.port)/other HTTP/1.1\r\nHost: 127.0.0.1:\(one.port)\r\n\r\n"
                        + "GET http://batch.landfall.test/ours HTTP/1.1\r\nHost: 127.0.0.1:\(one.port)\r\n\r\n"
                        + "GET /plain HTTP/1.1\r\nHost: batch.googleapis.com\r\nConnection: close\r\n\r\n"
                    let answers = try await RawClient.exchange(port: gateway.port, request)
                    #expect(one.received.hasPrefix("GET /one HTTP/1.1\r\n"))
                    #expect(one.received.contains("host: 127.0.0.1:\(one.port)\r\n"))
                    #expect(!one.received.contains("/ours") && !one.received.contains("/plain"))
                    #expect(other.received.hasPrefix("GET /other HTTP/1.1\r\n"))
                    #expect(other.received.contains("host: 127.0.0.1:\(other.port)\r\n"))
                    #expect(answers.contains("GET /ours host=batch.landfall.test"))
                    #expect(answers.contains("GET /plain host=batch.googleapis.com"))
                }
            }
        }
    }
}
