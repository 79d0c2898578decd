import NIOCore
import Testing

@testable import Gateway

@Suite("The port as a proxy", .timeLimit(.minutes(10)))
struct ProxyTests {
    private static let local = ProxyPolicy(reachesLocalAddresses: true)

    @Test("CONNECT to a name of ours is answered here, over TLS", arguments: [false, true])
    func ownOverTLS(http2: Bool) async throws {
        try await TestGateway.with { (gateway) async throws in
            let answer = try await fetch(
                "https://batch.googleapis.com/v1/x", gateway, http2: http2, throughProxy: true)
            #expect(answer.body == "GET /v1/x host=batch.googleapis.com tls=true body=0")
            #expect(answer.version == (http2 ? .http2 : .http1_1))
        }
    }

    @Test("CONNECT to a name of ours is answered here, in the clear")
    func ownInTheClear() async throws {
        try await TestGateway.with { (gateway) async throws in
            let answer = try await RawClient.exchange(
                port: gateway.port,
                "CONNECT run.landfall.test:80 HTTP/1.1\r\nhost: x\r\n\r\nGET /a HTTP/1.0\r\n\r\n", until: "body=0")
            #expect(answer.hasPrefix("HTTP/1.1 200 Connection Established\r\n\r\nHTTP/1."))
            #expect(answer.contains("GET /a host=run.landfall.test tls=false"))
        }
    }

    @Test("An absolute form for a name of ours is answered here; its host wins over the Host field")
    func absoluteForm() async throws {
        try await TestGateway.with { (gateway) async throws in
            let fetched = try await fetch("http://batch.landfall.test/v1/x?y", gateway, throughProxy: true)
            #expect(fetched.body == "GET /v1/x?y host=batch.landfall.test tls=false body=0")
            let answer = try await RawClient.exchange(
                port: gateway.port,
                "GET http://Batch.landfall.test/p HTTP/1.1\r\nhost: other.test\r\nconnection: close\r\n\r\n")
            #expect(answer.contains("GET /p host=batch.landfall.test"))
        }
    }

    @Test("Bytes to and from another host pass untouched, and each direction ends by itself")
    func tunnel() async throws {
        try await TestGateway.with(proxy: Self.local) { (gateway) async throws in
            try await EchoServer.with { (echo) async throws in
                try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                    try await outbound.write(
                        ByteBuffer(string: "CONNECT 127.0.0.1:\(echo) HTTP/1.1\r\nhost: x\r\n\r\nearly "))
                    let start = try await RawClient.read(&inbound, until: "early ")
                    #expect(start == "HTTP/1.1 200 Connection Established\r\n\r\nearly ")
                    let block = String(repeating: "0123456789abcdef", count: 8_192)
                    let sending = Task {
                        for _ in 0..<16 { try await outbound.write(ByteBuffer(string: block)) }
                        outbound.finish()
                    }
                    // Ends only because the end of the input has passed through.
                    let received = try await RawClient.read(&inbound)
                    try await sending.value
                    #expect(received.utf8.count == 16 * block.utf8.count)
                    #expect(received.hasPrefix(block))
                }
            }
        }
    }

    @Test("An absolute form for another host is passed on in origin form")
    func forward() async throws {
        try await TestGateway.with(proxy: nil) { (origin) async throws in
            try await TestGateway.with(proxy: Self.local) { (proxy) async throws in
                let answer = try await RawClient.exchange(
                    port: proxy.port,
                    "POST http://127.0.0.1:\(origin.port)/p?q HTTP/1.1\r\nhost: wrong.test\r\n"
                        + "proxy-connection: keep-alive\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc")
                #expect(answer.hasPrefix("HTTP/1.1 200"))
                #expect(answer.hasSuffix("POST /p?q host=127.0.0.1 tls=false body=3"))
            }
        }
    }

    @Test("What comes through a tunnel to a name of ours is answered here: no proxy is behind the name")
    func within() async throws {
        try await EchoServer.with { (echo) async throws in
            try await TestGateway.with(proxy: Self.local) { (gateway) async throws in
                let answer = try await RawClient.exchange(
                    port: gateway.port,
                    "CONNECT run.landfall.test:80 HTTP/1.1\r\n\r\nGET http://127.0.0.1:\(echo)/p HTTP/1.1\r\n"
                        + "host: x\r\nconnection: close\r\n\r\n")
                #expect(answer.contains("GET /p host=127.0.0.1 tls=false"))
            }
        }
    }

    @Test(
        "What the proxy refuses, with the reason",
        arguments: [
            ("CONNECT example.com:25 HTTP/1.1", "403", "port 25"),
            ("CONNECT batch.googleapis.com:8443 HTTP/1.1", "403", "ports 443 and 80"),
            ("CONNECT nonsense HTTP/1.1", "400", "host:port"),
            ("CONNECT a b:1 HTTP/1.1", "400", "host:port"),
            ("GET http://example.com:22/ HTTP/1.1", "403", "port 22"),
            ("GET https://example.com/ HTTP/1.1", "400", "CONNECT"),
            ("GET ftp://example.com/ HTTP/1.1", "400", "ftp"),
        ])
    func refused(line: String, status: String, reason: String) async throws {
        try await TestGateway.with { (gateway) async throws in
            let answer = try await RawClient.exchange(
                port: gateway.port, line + "\r\nhost: x\r\nconnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"))
            #expect(answer.contains(reason))
        }
    }

    @Test("Addresses of this machine are not reached unless that is allowed")
    func localAddresses() async throws {
        try await EchoServer.with { (echo) async throws in
            try await TestGateway.with { (gateway) async throws in
                for request in ["CONNECT 127.0.0.1:\(echo)", "GET http://127.0.0.1:\(echo)/"] {
                    let answer = try await RawClient.exchange(
                        port: gateway.port, request + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                    #expect(answer.hasPrefix("HTTP/1.1 403"))
                    #expect(answer.contains("no_proxy"))
                }
            }
        }
    }

    @Test("The proxy does not connect to itself")
    func loop() async throws {
        try await TestGateway.with(proxy: Self.local) { (gateway) async throws in
            let answer = try await RawClient.exchange(
                port: gateway.port, "CONNECT 127.0.0.1:\(gateway.port) HTTP/1.1\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 403"))
            #expect(answer.contains("itself"))
        }
    }

    @Test("Clients from elsewhere get the names of ours alone")
    func remoteClients() {
        let policy = ProxyPolicy()
        #expect(policy.verdict(host: "batch.googleapis.com", port: 443, clientIsLocal: false) == .answer)
        #expect(policy.verdict(host: "example.com", port: 443, clientIsLocal: true) == .forward)
        guard case .refuse(let refusal) = policy.verdict(host: "example.com", port: 443, clientIsLocal: false) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.status == 403)
    }

    @Test("A host that cannot be reached is told")
    func unreachable() async throws {
        let free = try await EchoServer.with { $0 }
        try await TestGateway.with(proxy: Self.local) { (gateway) async throws in
            let answer = try await RawClient.exchange(port: gateway.port, "CONNECT 127.0.0.1:\(free) HTTP/1.1\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 502"))
        }
    }

    @Test("No more tunnels than allowed are open at once")
    func tunnelCount() async throws {
        var limits = TestGateway.testLimits
        limits.tunnels = 1
        try await TestGateway.with(limits: limits, proxy: Self.local) { (gateway) async throws in
            try await EchoServer.with { (echo) async throws in
                let connect = "CONNECT 127.0.0.1:\(echo) HTTP/1.1\r\n\r\n"
                try await RawClient.with(port: gateway.port) { (inbound, outbound) async throws in
                    try await outbound.write(ByteBuffer(string: connect))
                    #expect(try await RawClient.read(&inbound, until: "\r\n\r\n").contains("200"))
                    #expect(try await RawClient.exchange(port: gateway.port, connect).hasPrefix("HTTP/1.1 503"))
                }
            }
        }
    }

    @Test("A CONNECT header without end is cut off")
    func endlessConnect() async throws {
        try await TestGateway.with { (gateway) async throws in
            let head = "CONNECT a.test:443 HTTP/1.1\r\n" + String(repeating: "x: y\r\n", count: 4_000)
            #expect(try await RawClient.exchange(port: gateway.port, head).hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test("An endpoint that is no proxy tunnels nothing")
    func noProxy() async throws {
        try await TestGateway.with(proxy: nil) { (gateway) async throws in
            let answer = try await RawClient.exchange(
                port: gateway.port, "CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n", until: "proxy.\n")
            #expect(answer.hasPrefix("HTTP/1.1 400"))
        }
    }
}
