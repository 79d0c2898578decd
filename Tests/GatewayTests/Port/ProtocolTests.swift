import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

@testable import Gateway

@Suite("One port for every protocol")
struct ProtocolTests {
    @Test("HTTP/1.1 in the clear, on both loopback addresses", arguments: ["127.0.0.1", "[::1]"])
    func plain(host: String) async throws {
        try await TestGateway.with { (gateway) async throws in
            let answer = try await fetch("http://\(host):\(gateway.port)/hello?x=1", gateway)
            #expect(answer.body.hasPrefix("GET /hello?x=1 host="))
            #expect(answer.body.hasSuffix("tls=false body=0"))
        }
    }

    @Test("TLS with a certificate for the name that is asked for", arguments: [false, true])
    func tls(http2: Bool) async throws {
        try await TestGateway.with { (gateway) async throws in
            for name in ["batch.googleapis.com", "us-central1-run.googleapis.com", "localhost"] {
                let answer = try await fetch("https://\(name):\(gateway.port)/", gateway, http2: http2)
                #expect(answer.body == "GET / host=\(name) tls=true body=0")
                #expect(answer.version == (http2 ? .http2 : .http1_1))
            }
        }
    }

    @Test("A TLS name outside the authority's is refused by an alert")
    func refusedName() async throws {
        try await TestGateway.with { (gateway) async throws in
            await #expect(throws: (any Error).self) {
                try await fetch("https://www.example.com:\(gateway.port)/", gateway)
            }
            let hello = clientHello(serverName: "www.example.com")
            let alert = try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                try await outbound.write(hello)
                return try await inbound.next().map { Array($0.readableBytesView) }
            }
            #expect(alert == [21, 3, 3, 0, 2, 2, 112])
        }
    }

    @Test("A body of which only the announcement has come is asked for")
    func expectContinue() async throws {
        try await TestGateway.with { (gateway) async throws in
            try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                try await outbound.write(
                    ByteBuffer(
                        string: "POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\nexpect: 100-continue\r\n\r\n"))
                let interim = try await RawClient.read(&inbound, until: "\r\n\r\n")
                #expect(interim.hasPrefix("HTTP/1.1 100"))
                try await outbound.write(ByteBuffer(string: "abc"))
                #expect(try await RawClient.read(&inbound, until: "body=3").hasPrefix("HTTP/1.1 200"))
            }
        }
    }

    @Test("gRPC over HTTP/1.1 is refused with the reason")
    func grpcOverHTTP1() async throws {
        try await TestGateway.with { (gateway) async throws in
            let answer = try await RawClient.exchange(
                port: gateway.port,
                "POST /a/B HTTP/1.1\r\nhost: a\r\ncontent-type: application/grpc\r\ncontent-length: 0\r\n\r\n",
                until: "needs HTTP/2")
            #expect(answer.hasPrefix("HTTP/1.1 426"))
        }
    }

    /// A ClientHello with nothing but a server name (RFC 8446, 4.1.2; RFC 6066, 3).
    private func clientHello(serverName: String) -> ByteBuffer {
        func sized16(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes }
        let entry = [0] + sized16(Array(serverName.utf8))
        let extensions = sized16([0, 0] + sized16(sized16(entry)))
        let random = [UInt8](repeating: 7, count: 32)
        let hello = [3, 3] + random + [0] + sized16([0x13, 0x01]) + [1, 0] + extensions
        return ByteBuffer(bytes: [22, 3, 1] + sized16([1, 0] + sized16(hello)))
    }
}

/// What came back.
struct Fetched: Sendable {
    let status: Int
    let version: HTTPVersion
    let body: String
}

/// Fetches a URL from a gateway; all names are its address, all certificates are the authority's.
func fetch(
    _ url: String, _ gateway: TestGateway, http2: Bool = false, throughProxy: Bool = false
) async throws -> Fetched {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .file(gateway.certificateFile)
    var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
    configuration.httpVersion = http2 ? .automatic : .http1Only
    if throughProxy {
        configuration.proxy = .server(host: "127.0.0.1", port: gateway.port)
    } else {
        for name in ["batch.googleapis.com", "us-central1-run.googleapis.com", "localhost", "www.example.com"] {
            configuration.dnsOverride[name] = "127.0.0.1"
        }
    }
    let client = HTTPClient(configuration: configuration)
    do {
        let response = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 1 << 20)
        try await client.shutdown()
        return Fetched(status: Int(response.status.code), version: response.version, body: String(buffer: body))
    } catch {
        try await client.shutdown()
        throw error
    }
}
