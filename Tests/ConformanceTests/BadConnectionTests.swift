import Foundation
import TestSupport
import Testing

@Suite("A connection that means no good", .needsRoot)
struct BadConnectionTests {
    @Test("is refused for what is no HTTP, or too much of it, with the reason")
    func malformed() async throws {
        let long = String(repeating: "a", count: 70_000)
        let many = (0..<300).map { "X\($0): a\r\n" }.joined()
        try await Stranger.with { stranger in
            for (request, status, reason) in [
                ("GET / HTTP/1.1\r\nX: \(long)\r\n\r\n", 431, "over the limit"),
                ("GET / HTTP/1.1\r\n\(many)\r\n", 431, "over the limit"),
                ("GET /\(long) HTTP/1.1\r\n\r\n", 431, "over the limit"),
                ("\u{0}\u{1}\u{2}\r\n\r\n", 400, "method"),
                ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "header field"),
                ("GET / HTTP/1.1\r\nX: \u{0}\r\n\r\n", 400, "header field"),
                ("CONNECT / HTTP/1.1\r\n\r\n", 400, "host:port"),
                ("CONNECT a:1 HTTP/1.1\r\nX: \(long)", 400, "too long"),
            ] {
                let answer = try await stranger.http.exchange(Data(request.utf8), end: true)
                #expect(answer.status == status, "\(request.prefix(40))")
                #expect(answer.body.contains(reason), "\(request.prefix(40)): \(answer.body)")
            }
        }
    }

    @Test("gets through the proxy neither to the server itself nor to this machine")
    func proxy() async throws {
        try await Stranger.with { stranger in
            let port = stranger.http.port
            for host in ["127.0.0.1", "127.1", "2130706433", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"] {
                for request in [
                    "CONNECT \(host):\(port) HTTP/1.1\r\n\r\n",
                    "GET http://\(host):\(port)/healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                ] {
                    let answer = try await stranger.http.exchange(Data(request.utf8), end: true)
                    // A request may name the server that it is sent to; all else is refused.
                    let isOwn = request.hasPrefix("GET") && ["127.0.0.1", "[::1]"].contains(host)
                    #expect(answer.status == (isOwn ? 200 : 403), "\(request.prefix(60)): \(answer.body)")
                }
            }
            for (target, status) in [
                ("127.0.0.1:22", 403), ("batch.googleapis.com:25", 403), ("batch.googleapis.com:22", 403), ("a:0", 400),
                ("a:99999", 400), ("a:-1", 400), ("\(String(repeating: "x", count: 300)):443", 400),
            ] {
                let answer = try await stranger.http.exchange(
                    Data("CONNECT \(target) HTTP/1.1\r\n\r\n".utf8), end: true)
                #expect(answer.status == status, "\(target): \(answer.body)")
            }
            // Nothing may ever come back from the address of a cloud's metadata.
            let metadata = "CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n"
            let answer = try await stranger.http.exchange(Data(metadata.utf8), end: true)
            #expect([403, 502].contains(answer.status), "\(answer.header)")
        }
    }

    @Test("reaches no other listener of this machine's loopback, however it is written")
    func loopback() async throws {
        let listener = try HostListener()
        defer { listener.close() }
        try await Stranger.with { stranger in
            for host in [
                "localhost", "localhost.", "LOCALHOST", "127.0.0.1", "127.0.0.1.", "127.255.255.254", "127.1", "0x7f.1",
                "0177.0.0.1", "2130706433", "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
                "[0:0:0:0:0:ffff:7f00:0001]", "[::127.0.0.1]",
            ] {
                for request in [
                    "CONNECT \(host):\(listener.port) HTTP/1.1\r\n\r\n",
                    "GET http://\(host):\(listener.port)/ HTTP/1.1\r\nHost: batch.googleapis.com\r\nConnection: close\r\n\r\n",
                ] {
                    let answer = try await stranger.http.exchange(Data(request.utf8), end: true)
                    #expect([400, 403, 502].contains(answer.status), "\(request.prefix(60)): \(answer.header)")
                }
            }
        }
    }

    @Test("gets no certificate for a name outside of the authority's")
    func names() async throws {
        try await Stranger.with { stranger in
            let address = "127.0.0.1:\(stranger.http.port)"
            let authority = stranger.server.directory + "/data/authority/ca.pem"
            for (name, isOurs) in [
                ("batch.googleapis.com", true), ("example.com", false), ("evilgoogleapis.com", false),
                ("googleapis.com.example.com", false),
            ] {
                let result = try await Program.run([
                    "curl", "-sS", "--noproxy", "*", "--cacert", authority, "--connect-to", "::\(address)",
                    "https://\(name)/healthz",
                ])
                #expect((result.status == 0) == isOurs, "\(name): \(result.output)\(result.errors)")
                if !isOurs { #expect(result.errors.contains("unrecognized name"), "\(result.errors)") }
            }
        }
    }

    @Test("in great number is borne")
    func many() async throws {
        try await Stranger.with { stranger in
            let before = try stranger.server.residentMiB()
            for _ in 0..<3 {
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<100 {
                        let request = index % 2 == 0 ? "GET / HT" : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\u{7f}\u{1}"
                        group.addTask { _ = try? await stranger.http.exchange(Data(request.utf8), patience: 1) }
                    }
                }
            }
            #expect(try await stranger.get(Stranger.jobs).status == 200)
            #expect(try stranger.server.residentMiB() < before + 100)
        }
    }
}
