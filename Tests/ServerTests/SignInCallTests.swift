import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("The page that people sign in on, at the port", .timeLimit(.minutes(10)))
struct SignInCallTests {
    private static let query =
        "response_type=code&client_id=c&redirect_uri=http%3A%2F%2Flocalhost%3A8085%2F&state=s"
        + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"

    private func send(_ lines: String..., to http: RawHTTP) async throws -> RawHTTP.Answer {
        let head = (lines + ["connection: close", "content-length: 0", "\r\n"]).joined(separator: "\r\n")
        return try await http.exchange(Data(head.utf8), patience: 60)
    }

    @Test("is served to browsers that come for it, by an address or a name of ours, with headers that guard it")
    func page() async throws {
        try await FuzzServer.with { server in
            try await server.whileListening { port in
                let http = RawHTTP(port: port)
                let begin = "GET /authorize?\(Self.query) HTTP/1.1"
                for (lines, status) in [
                    (["host: 127.0.0.1:8787", "sec-fetch-dest: document"], 303), (["host: localhost"], 303),
                    (["host: auth.landfall.test"], 303), (["host: 127.0.0.1", "sec-fetch-dest: image"], 403),
                    (["host: 127.0.0.1", "sec-fetch-dest: iframe"], 403), (["host: rebound.example"], 404),
                ] {
                    let answer = try await send(begin, lines.joined(separator: "\r\n"), to: http)
                    #expect(answer.status == status, "\(lines): \(answer)")
                }
                let begun = try await send(begin, "host: 127.0.0.1", to: http)
                let page = try #require(begun.header.firstMatch(of: /(?i)location: (\/signin\/\S+)/)?.output.1)
                let waiting = try await send("GET \(page) HTTP/1.1", "host: 127.0.0.1", to: http)
                #expect(waiting.status == 200 && waiting.body.contains("landfall approve"))
                for header in [
                    "cache-control: no-store", "content-security-policy: default-src 'none';", "x-frame-options: deny",
                    "referrer-policy: no-referrer", "content-type: text/html; charset=utf-8",
                ] {
                    #expect(waiting.header.lowercased().contains(header), "\(waiting.header)")
                }
            }
        }
    }

    @Test("gives tokens that are refused from the call on that follows their end")
    func revocation() async throws {
        try await FuzzServer.with { server in
            try await server.whileListening { port in
                let http = RawHTTP(port: port)
                let refresh = try await server.parts.tokens.issueRefresh(for: .user("alice@example.com"))
                let token = try await server.parts.tokens.refresh(refresh).value
                func list() async throws -> Int {
                    try await send(
                        "GET /v1/projects/demo/locations/us-central1/jobs HTTP/1.1", "host: batch.googleapis.com",
                        "authorization: Bearer \(token)", to: http
                    ).status
                }
                #expect(try await list() == 200)
                let revoke = "POST /revoke?token=\(refresh) HTTP/1.1"
                for status in [200, 400] {
                    #expect(try await send(revoke, "host: oauth2.googleapis.com", to: http).status == status)
                    #expect(try await list() == 401)
                }
            }
        }
    }
}
