import Testing
import Tunnels

@testable import Gateway

@Suite("What is told by the first bytes")
struct FirstBytesTests {
    @Test(
        "The protocol",
        arguments: [
            ("", nil), ("\u{16}", .tls), ("\u{16}\u{3}\u{1}", .tls), ("P", nil), ("PRI * HTTP/2.", nil),
            ("PRI * HTTP/2.0", .http2), ("PRI * HTTP/2.0\r\n\r\nSM", .http2), ("PRI * HTTP/3.0", .http1),
            ("POST / HTTP/1.1", .http1), ("C", nil), ("CONNECT", nil), ("CONNECT ", .connect), ("COPY /", .http1),
            ("GET /", .http1), ("\0", .http1),
        ] as [(String, WireProtocol?)])
    func wire(bytes: String, expected: WireProtocol?) {
        #expect(WireProtocol(firstBytes: Array(bytes.utf8)) == expected)
    }

    @Test(
        "Host and port",
        arguments: [
            ("Batch.GoogleAPIs.com:443", "batch.googleapis.com", 443), ("localhost", "localhost", nil),
            ("example.com.", "example.com", nil), ("[::1]:80", "::1", 80), ("[::1]", "::1", nil),
            ("a:65535", "a", 65_535),
        ] as [(String, String, Int?)])
    func authority(text: String, host: String, port: Int?) {
        let parsed = HostAndPort(text)
        #expect(parsed?.host == host)
        #expect(parsed?.port == port)
    }

    @Test(
        "What is no host and port",
        arguments: ["", ":80", "a:", "a:0", "a:65536", "a:+1", "a b", "user@host", "[::1", "[::1]x", "a/b", "a:1:2"])
    func notAnAuthority(text: String) {
        #expect(HostAndPort(text) == nil)
    }

    @Test(
        "Absolute-form targets",
        arguments: [
            ("http://a.test/x?y=http://b", "a.test", 80, "/x?y=http://b"), ("HTTPS://a.test", "a.test", 443, "/"),
            ("http://a.test:81?q", "a.test", 81, "/?q"),
        ])
    func absolute(target: String, host: String, port: Int, path: String) throws {
        let absolute = try #require(try AbsoluteTarget(target))
        #expect(absolute.authority.host == host)
        #expect(absolute.port == port)
        #expect(absolute.path == path)
    }

    @Test("Origin form is not absolute, whatever its query holds", arguments: ["/", "/a?b=http://c", "*", "a:b"])
    func origin(target: String) throws {
        #expect(try AbsoluteTarget(target) == nil)
    }

    @Test("Absolute forms that are wrong", arguments: ["ftp://a/", "http:///x", "http://u@h/", "http://"])
    func wrongAbsolute(target: String) {
        #expect(throws: HTTPRefusal.self) { try AbsoluteTarget(target) }
    }
}
