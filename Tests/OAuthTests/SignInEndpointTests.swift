import Access
import CredentialSupport
import Foundation
import Identity
import Testing

@testable import OAuth

@Suite("The page that people sign in on")
struct SignInEndpointTests {
    /// RFC 7636, appendix B.
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let gcloud = [
        "response_type": "code", "client_id": "gcloud", "redirect_uri": "http://localhost:8085/", "state": "a b&c",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
        "scope": "openid https://www.googleapis.com/auth/cloud-platform", "access_type": "offline",
    ]

    private func form(_ fields: [String: String]) -> String {
        fields.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }.joined(separator: "&")
    }

    private func begin(_ endpoint: Endpoint, _ changes: [String: String?] = [:]) async throws -> OAuthAnswer {
        let fields = changes.reduce(into: Self.gcloud) { $0[$1.key] = $1.value }
        return try await endpoint.service.answer(.authorization, query: form(fields), body: Data())
    }

    /// The page that a sign-in waits on, and its text.
    private func waiting(
        _ endpoint: Endpoint, _ changes: [String: String?] = [:]
    ) async throws -> (OAuthRoute, String) {
        let begun = try await begin(endpoint, changes)
        let address = try #require(begun.headers["location"])
        let route = try #require(OAuthRoute(method: "GET", path: address, host: "127.0.0.1", domains: []))
        return (route, try await text(endpoint, route))
    }

    private func text(_ endpoint: Endpoint, _ route: OAuthRoute) async throws -> String {
        String(decoding: try await endpoint.service.answer(route, query: "", body: Data()).body, as: UTF8.self)
    }

    private func userCode(_ page: String) throws -> String {
        String(try #require(page.firstMatch(of: /landfall approve ([B-Z]{4}-[B-Z]{4})/)).output.1)
    }

    @Test("waits for the owner, goes on by itself to the program, and that gets tokens that are renewed")
    func wholeWay() async throws {
        let endpoint = try await Endpoint()
        let (route, page) = try await waiting(endpoint)
        #expect(page.contains(#"<meta http-equiv="refresh" content="2">"#))
        #expect(page.contains("<code>http://localhost:8085/</code>"))
        _ = try await endpoint.signIns.approve(try userCode(page), as: .user("alice@example.com"))
        let sent = try await endpoint.service.answer(route, query: "", body: Data())
        #expect(sent.status == 303 && sent.headers["cache-control"] == "no-store")
        let address = try #require(sent.headers["location"])
        let code = try #require(address.firstMatch(of: /^http:\/\/localhost:8085\/\?code=([^&]+)&state=a%20b%26c$/)?.1)

        let form =
            "grant_type=authorization_code&code=\(code)&code_verifier=\(Self.verifier)&client_id=gcloud"
            + "&client_secret=x&redirect_uri=http%3A%2F%2Flocalhost%3A8085%2F"
        let (status, fields) = try await endpoint.ask(.token, form: form)
        #expect(status == 200, "\(fields)")
        #expect(fields["scope"] as? String == Self.gcloud["scope"])
        let token = try #require(fields["access_token"] as? String)
        let bearer = try await endpoint.world.bearers.verify(token, for: "batch.googleapis.com")
        #expect(bearer.principal == .user("alice@example.com"))
        let info = try await endpoint.ask(.introspection, form: "token=\(token)").fields
        #expect(info["username"] as? String == "alice@example.com")
        let claims = try await endpoint.world.idTokens.claims(of: try #require(fields["id_token"] as? String))
        #expect(claims?.email == "alice@example.com" && claims?.aud == "gcloud" && claims?.emailVerified == true)

        let refresh = try #require(fields["refresh_token"] as? String)
        let renewed = try await endpoint.ask(.token, form: "grant_type=refresh_token&refresh_token=\(refresh)")
        #expect(renewed.status == 200 && renewed.fields["scope"] as? String == Self.gcloud["scope"])
        #expect(try await endpoint.ask(.token, form: form).fields["error"] as? String == "invalid_grant")
    }

    @Test("shows the code to carry to a gcloud that has no browser")
    func withoutBrowser() async throws {
        let endpoint = try await Endpoint()
        let (route, page) = try await waiting(
            endpoint, ["redirect_uri": "https://sdk.cloud.google.com/authcode.html", "scope": "a"])
        _ = try await endpoint.signIns.approve(try userCode(page), as: .user("alice@example.com"))
        let shown = try await text(endpoint, route)
        let code = try #require(shown.firstMatch(of: /<pre>(4\/landfall-[^<]+)<\/pre>/)?.1)
        let fields = try await endpoint.ask(
            .token,
            form: "grant_type=authorization_code&code=\(code)&code_verifier=\(Self.verifier)"
                + "&redirect_uri=https%3A%2F%2Fsdk.cloud.google.com%2Fauthcode.html"
        ).fields
        #expect(fields["refresh_token"] is String && fields["id_token"] == nil)
    }

    @Test("is neither kept, framed, nor scripted, and has none of what others write into its address unescaped")
    func hostilePage() async throws {
        let endpoint = try await Endpoint()
        let evil = "\"><script>alert(1)</script>\r\nset-cookie: a=b"
        let (route, page) = try await waiting(endpoint, ["state": evil, "login_hint": evil])
        #expect(!page.contains("<script"))
        let answer = try await endpoint.service.answer(route, query: "", body: Data())
        #expect(answer.headers["cache-control"] == "no-store" && answer.headers["x-frame-options"] == "DENY")
        let policy = try #require(answer.headers["content-security-policy"])
        #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"))
        _ = try await endpoint.signIns.approve(try userCode(page), as: .user("alice@example.com"))
        let address = try #require(
            try await endpoint.service.answer(route, query: "", body: Data()).headers["location"])
        #expect(address.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !address.contains("<"))
    }

    @Test(
        "tells the program what is wrong with what it asks for, and sends nobody to another machine",
        arguments: [
            (["response_type": "token"], "unsupported_response_type"), (["code_challenge": nil], "invalid_request"),
            (["code_challenge_method": "plain"], "invalid_request"),
            (["code_challenge_method": nil], "invalid_request"),
            (["scope": " "], "invalid_scope"), (["client_id": ""], "invalid_request"),
            (["client_id": "https://service.example.com"], "invalid_request"),
            (["client_id": "<script>"], "invalid_request"),
            (["client_id": String(repeating: "c", count: 257)], "invalid_request"),
            (["state": String(repeating: "s", count: 2049)], "invalid_request"),
            (["redirect_uri": "https://evil.example/"], nil), (["redirect_uri": nil], nil),
            (["redirect_uri": "https://sdk.cloud.google.com/authcode.html", "scope": " "], nil),
            (["provider_name": "locations/global/workforcePools/staff/providers/oidc"], nil),
        ] as [([String: String?], String?)])
    func refusals(changes: [String: String?], error: String?) async throws {
        let answer = try await begin(Endpoint(), changes)
        if let error {
            #expect(answer.status == 303)
            #expect(answer.headers["location"]?.hasPrefix("http://localhost:8085/?error=\(error)&") == true)
        } else {
            #expect(answer.status == 400 && answer.headers["location"] == nil)
            #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
        }
    }

    @Test("is for the provider of Landfall's own login configurations too")
    func provider() async throws {
        _ = try await waiting(Endpoint(), ["provider_name": OAuthService.peopleProvider])
    }

    @Test("is over for whoever has no sign-in, and full for the hundred and first")
    func bounds() async throws {
        let endpoint = try await Endpoint()
        let none = try await endpoint.service.answer(.signIn("x"), query: "", body: Data())
        #expect(none.status == 404)
        for _ in 0..<100 { #expect(try await begin(endpoint).headers["location"]?.hasPrefix("/signin/") == true) }
        let full = try await begin(endpoint)
        #expect(full.headers["location"]?.contains("error=temporarily_unavailable") == true)
    }

    @Test(
        "gives no tokens without all that a program must bring",
        arguments: ["code", "redirect_uri", "code_verifier"])
    func missing(field: String) async throws {
        var fields = [
            "grant_type": "authorization_code", "code": "x", "redirect_uri": "http://localhost:8085/",
            "code_verifier": Self.verifier,
        ]
        let endpoint = try await Endpoint()
        #expect(try await endpoint.ask(.token, form: form(fields)).fields["error"] as? String == "invalid_grant")
        fields[field] = nil
        #expect(try await endpoint.ask(.token, form: form(fields)).fields["error"] as? String == "invalid_request")
    }
}
