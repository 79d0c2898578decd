import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Metadata

@Suite("A task's proxy", .timeLimit(.minutes(10)))
struct ProxyTests {
    /// Runs `body` with a proxy whose way to the server leads to `server`.
    private func with(
        server: Int?, blocked: Bool = false, _ body: (RawHTTP, TaskListener) async throws -> Void
    ) async throws {
        let socket = try LoopbackSocket()
        let listener = TaskListener.proxy(at: socket.descriptor)
        var routes = ProxyRoutes {
            server.map { ServerPort(host: "127.0.0.1", port: $0, domains: ["googleapis.com", "pkg.dev"]) }
        }
        if !blocked {
            routes.socket = {
                let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
                return FileDescriptor(rawValue: Glibc.socket(AF_INET, type, 0))
            }
        }
        try await listener.serve(ServedAttempt(instance: .test(), credentials: FakeCredentials(), routes: routes))
        do {
            try await body(RawHTTP(port: socket.port), listener)
        } catch {
            await listener.stopServing()
            listener.stop()
            throw error
        }
        await listener.stopServing()
        listener.stop()
    }

    private func connect(_ target: String, then text: String = "", headers: String = "") -> Data {
        Data("CONNECT \(target) HTTP/1.1\r\n\(headers)\r\n\(text)".utf8)
    }

    @Test(
        "leads to the server for its names, and tells it nothing but the name",
        arguments: [
            ("batch.googleapis.com:443", "batch.googleapis.com:443"), ("GoogleAPIs.com.:80", "googleapis.com:80"),
            ("us-central1-docker.pkg.dev:443", "us-central1-docker.pkg.dev:443"),
        ])
    func ownNames(target: String, asked: String) async throws {
        try await EchoServer.with { server in
            try await with(server: server) { (http, _) async throws in
                let request = connect(target, then: "hello", headers: "X-Header: x\r\nProxy-Authorization: y\r\n")
                let received = try await http.bytes(for: request, end: true)
                #expect(
                    String(decoding: received, as: UTF8.self)
                        == "CONNECT \(asked) HTTP/1.1\r\nHost: \(asked)\r\n\r\nhello")
            }
        }
    }

    @Test("passes bytes to another host untouched, and each direction ends by itself")
    func otherHosts() async throws {
        let host = try #require(try await HostListener.addresses().first)
        try await EchoServer.with { echo in
            try await with(server: 1) { (http, _) async throws in
                let text = String(repeating: "0123456789", count: 300_000)
                let answer = try await http.exchange(connect("\(host):\(echo)", then: text), end: true)
                #expect(answer.status == 200)
                #expect(answer.body == text)
            }
        }
    }

    @Test(
        "refuses, and says why",
        arguments: [
            ("GET http://example.com/ HTTP/1.1", 400, "https alone"), ("GET / HTTP/1.1", 400, "https alone"),
            ("CONNECT example.com HTTP/1.1", 400, "host:port"), ("CONNECT example.com:0 HTTP/1.1", 400, "host:port"),
            ("CONNECT example.com:65536 HTTP/1.1", 400, "host:port"), ("CONNECT [::1]:80 HTTP/1.1", 400, "IPv4"),
            ("CONNECT a@b:80 HTTP/1.1", 400, "name of a host"), ("CONNECT 127.0.0.1:22 HTTP/1.1", 403, "no_proxy"),
            ("CONNECT localhost:22 HTTP/1.1", 403, "no_proxy"), ("CONNECT 2130706433:22 HTTP/1.1", 403, "no_proxy"),
            ("CONNECT 169.254.169.254:80 HTTP/1.1", 403, "no_proxy"), ("CONNECT 0.0.0.0:80 HTTP/1.1", 403, "no_proxy"),
            ("CONNECT 224.0.0.1:80 HTTP/1.1", 403, "no_proxy"),
            ("CONNECT nothing.invalid:80 HTTP/1.1", 502, "resolved"),
            ("CONNECT batch.googleapis.com:443 HTTP/1.1", 503, "cannot be reached"), ("SSH-2.0", 400, "HTTP/1.1"),
        ])
    func refusals(line: String, status: Int, reason: String) async throws {
        // Nothing listens at port 1.
        try await with(server: 1) { (http, _) async throws in
            let answer = try await http.exchange(Data("\(line)\r\n\r\n".utf8))
            #expect(answer.status == status)
            #expect(answer.body.contains(reason), "\(answer.body)")
        }
    }

    @Test("leads nowhere but to the server where the external network is blocked")
    func blocked() async throws {
        try await EchoServer.with { server in
            try await with(server: server, blocked: true) { (http, _) async throws in
                let answer = try await http.exchange(connect("example.com:443"))
                #expect(answer.status == 403)
                #expect(answer.body.contains("blocks the external network"))
                let own = try await http.exchange(connect("run.googleapis.com:443"), end: true)
                #expect(own.header.hasPrefix("CONNECT"))
            }
        }
    }

    @Test("leads nowhere while no server has said where it is")
    func serverAway() async throws {
        try await with(server: nil) { (http, _) async throws in
            for target in ["batch.googleapis.com:443", "example.com:443"] {
                #expect(try await http.exchange(connect(target)).status == 503)
            }
        }
    }

    @Test("reads a header of a bounded size")
    func longHeader() async throws {
        try await with(server: 1) { (http, _) async throws in
            let request = connect("example.com:443", headers: "X: \(String(repeating: "x", count: 1 << 20))\r\n")
            #expect([0, 400].contains(try await http.exchange(request).status))
        }
    }

    @Test("ends with its attempt, with all tunnels")
    func attempts() async throws {
        try await EchoServer.with { server in
            try await with(server: server) { (http, listener) async throws in
                async let tunnel = http.exchange(connect("batch.googleapis.com:443"), patience: 250)
                // An address of a network for documentation: nobody answers there.
                async let waiting = http.exchange(connect("192.0.2.1:443"), patience: 250)
                try await Task.sleep(for: .milliseconds(300))
                let start = ContinuousClock.now
                await listener.stopServing()
                _ = try await tunnel
                _ = try await waiting
                #expect(ContinuousClock.now - start < .seconds(60))
            }
        }
    }
}
