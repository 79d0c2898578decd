import Access
import CredentialSupport
import Directory
import DirectorySupport
import Federation
import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("A program that an issuer outside vouches for", .timeLimit(.minutes(10)))
struct FederatedCallTests {
    private func send(_ lines: String..., body: String = "", to http: RawHTTP) async throws -> RawHTTP.Answer {
        let head = (lines + ["connection: close", "content-length: \(body.utf8.count)", "\r\n"])
        return try await http.exchange(Data((head.joined(separator: "\r\n") + body).utf8), patience: 60)
    }

    private func list(_ token: String, _ http: RawHTTP) async throws -> Int {
        try await send(
            "GET /v1/projects/demo/locations/us-central1/jobs HTTP/1.1", "host: batch.googleapis.com",
            "authorization: Bearer \(token)", to: http
        ).status
    }

    private func exchange(_ assertion: Assertion, by name: ProviderName, _ http: RawHTTP) async throws -> RawHTTP.Answer
    {
        let fields = [
            "grantType": "urn:ietf:params:oauth:grant-type:token-exchange", "audience": name.fullName, "scope": "a",
            "requestedTokenType": "urn:ietf:params:oauth:token-type:access_token",
            "subjectTokenType": "urn:ietf:params:oauth:token-type:jwt", "subjectToken": try assertion.text(),
        ]
        return try await send(
            "POST /v1/token HTTP/1.1", "host: sts.googleapis.com", "content-type: application/json; charset=utf-8",
            body: String(decoding: try JSONEncoder().encode(fields), as: UTF8.self), to: http)
    }

    /// Calls the API of IAM as alice, and gives the status.
    private func administer(
        _ verb: String, _ path: String, _ body: String = "", as token: String, _ http: RawHTTP
    ) async throws -> Int {
        try await send(
            "\(verb) /v1/\(path) HTTP/1.1", "host: iam.googleapis.com", "authorization: Bearer \(token)",
            "content-type: application/json", body: body, to: http
        ).status
    }

    @Test("calls as an identity of a pool that was made for it, with what the pool was granted, while the pool counts")
    func calls() async throws {
        let world = try await FederationWorld()
        let documents = [
            "/.well-known/openid-configuration":
                #"{"issuer": "http://127.0.0.1:{port}", "jwks_uri": "http://127.0.0.1:{port}/keys"}"#,
            "/keys": FakeIssuer.keySet([try FakeIssuer.jwk(world.key)]),
        ]
        try await LocalOrigin.with(.documents(documents)) { issuerPort in
            try await calls(of: world, issuer: "http://127.0.0.1:\(issuerPort)")
        }
    }

    private func calls(of world: FederationWorld, issuer: String) async throws {
        try await FuzzServer.with { server in
            let directory = server.parts.directory
            let number = try #require(directory.state.project("demo")?.number)
            let pool = Pool.workload("builds", project: number)
            let name = ProviderName(pool: pool, id: "local")
            try await server.whileListening { port in
                let http = RawHTTP(port: port)
                func administer(_ verb: String, _ path: String, _ body: String = "") async throws -> Int {
                    try await self.administer(verb, path, body, as: server.token, http)
                }
                let location = "projects/demo/locations/global"
                #expect(
                    try await administer(
                        "POST", "\(location)/workloadIdentityPools?workloadIdentityPoolId=builds", "{}")
                        == 200)
                let provider = """
                    {"oidc": {"issuerUri": "\(issuer)"}, "attributeMapping": {"google.subject": "assertion.sub",
                    "attribute.owner": "assertion.owner"}}
                    """
                #expect(
                    try await administer(
                        "POST", "\(pool.path)/providers?workloadIdentityPoolProviderId=local", provider) == 200)
                #expect(try await administer("GET", "\(pool.path)/providers/local/operations/create") == 200)

                var assertion = world.token(from: Int(Date().timeIntervalSince1970))
                assertion.claims["iss"] = issuer
                assertion.claims["aud"] = name.fullName
                let answer = try await exchange(assertion, by: name, http)
                #expect(answer.status == 200, "\(answer)")
                let fields = try JSONDecoder().decode([String: FederatedAnswer].self, from: Data(answer.body.utf8))
                let token = try #require(fields["access_token"]?.text)

                #expect(try await list(token, http) == 403)
                let members = "principalSet://iam.googleapis.com/\(pool.path)/attribute.owner/acme"
                try await directory.grant("roles/batch.jobsViewer", to: members)
                #expect(try await list(token, http) == 200)
                let mask = "\(pool.path)?updateMask=disabled"
                let states = [
                    ("PATCH", mask, #"{"disabled": true}"#, false), ("PATCH", mask, "{}", true),
                    ("DELETE", pool.path, "", false), ("POST", pool.path + ":undelete", "{}", true),
                ]
                for (verb, path, body, counts) in states {
                    #expect(try await administer(verb, path, body) == 200)
                    #expect(try await list(token, http) == (counts ? 200 : 401), "\(verb)")
                    #expect(try await exchange(assertion, by: name, http).status == (counts ? 200 : 400))
                }
                // What a provider vouched for counts on without it.
                #expect(try await administer("DELETE", "\(pool.path)/providers/local") == 200)
                #expect(try await exchange(assertion, by: name, http).status == 400)
                #expect(try await list(token, http) == 200)
            }
        }
    }

    /// A text or a number.
    private struct FederatedAnswer: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            text = try? decoder.singleValueContainer().decode(String.self)
        }
    }
}
