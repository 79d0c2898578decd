import Access
import CredentialSupport
import Directory
import Federation
import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("A program that an issuer outside vouches for", .timeLimit(.minutes(5)))
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

    @Test("calls as an identity of its pool, with what the pool was granted, while the pool counts")
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
            let pool = Pool.workload("ci", project: number)
            let name = ProviderName(pool: pool, id: "builds")
            let provider = IdentityProviderRecord(
                pool: pool, id: name.id, issuer: issuer,
                attributeMapping: ["google.subject": "assertion.sub", "attribute.owner": "assertion.owner"],
                createdAt: Date())
            try await directory.change { draft in
                try draft.put(IdentityPoolRecord(pool: pool, createdAt: Date()))
                try draft.put(provider)
            }
            try await server.whileListening { port in
                let http = RawHTTP(port: port)
                var assertion = world.token(from: Int(Date().timeIntervalSince1970))
                assertion.claims["iss"] = issuer
                assertion.claims["aud"] = name.fullName
                let answer = try await exchange(assertion, by: name, http)
                #expect(answer.status == 200, "\(answer)")
                let fields = try JSONDecoder().decode([String: FederatedAnswer].self, from: Data(answer.body.utf8))
                let token = try #require(fields["access_token"]?.text)

                #expect(try await list(token, http) == 403)
                try await directory.change { draft in
                    var policy = draft.state.policy(of: .project("demo"))
                    let members = "principalSet://iam.googleapis.com/\(pool.path)/attribute.owner/acme"
                    policy.bindings.append(Binding(role: "roles/batch.jobsViewer", members: [members]))
                    try draft.setPolicy(policy, of: .project("demo"))
                }
                #expect(try await list(token, http) == 200)
                for isDisabled in [true, false] {
                    try await directory.change { draft in
                        try draft.put(IdentityPoolRecord(pool: pool, isDisabled: isDisabled, createdAt: Date()))
                    }
                    #expect(try await list(token, http) == (isDisabled ? 401 : 200))
                    #expect(try await exchange(assertion, by: name, http).status == (isDisabled ? 400 : 200))
                }
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
