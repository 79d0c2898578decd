import Access
import CredentialSupport
import Federation
import Foundation
import Identity
import Testing

@testable import OAuth

@Suite("The security token service")
struct SecurityTokenTests {
    typealias Fault = FederationWorld.Fault

    /// What Google's libraries send.
    private static func fields(_ token: String) -> [String: String] {
        [
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "audience": FederationWorld.name.fullName,
            "scope": "https://www.googleapis.com/auth/cloud-platform",
            "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "subject_token": token, "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        ]
    }

    private static func form(_ fields: [String: String]) -> String {
        fields.map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
            .joined(separator: "&")
    }

    private static func json(_ fields: [String: String], isCamel: Bool) throws -> String {
        let named = fields.map { name, value in
            let words = name.split(separator: "_")
            return (isCamel ? words[0] + words.dropFirst().map(\.capitalized).joined() : name, value)
        }
        return String(decoding: try JSONEncoder().encode(Dictionary(uniqueKeysWithValues: named)), as: UTF8.self)
    }

    @Test("gives an access token for a token of an issuer outside, asked by a form or by JSON", arguments: 0..<3)
    func exchange(way: Int) async throws {
        let endpoint = try await Endpoint()
        let fields = Self.fields(try endpoint.world.federation.token(from: endpoint.now).text())
        let body = way == 0 ? Self.form(fields) : try Self.json(fields, isCamel: way == 1)
        let (status, answer) = try await endpoint.ask(.securityToken, form: body, isJSON: way > 0)
        #expect(status == 200, "\(answer)")
        #expect(answer["token_type"] as? String == "Bearer")
        #expect(answer["issued_token_type"] as? String == "urn:ietf:params:oauth:token-type:access_token")
        // Not longer than the token that was brought, which lasts ten minutes.
        #expect((300...600).contains(try #require(answer["expires_in"] as? Int)))

        let token = try #require(answer["access_token"] as? String)
        let identity = FederatedIdentity(
            pool: FederationWorld.pool, subject: "repo:acme/site", groups: ["web", "all"],
            attributes: ["branch": "main", "owner": "acme"])
        let principal = try await endpoint.world.bearers.verify(token, for: "batch.googleapis.com").principal
        #expect(principal == .federated(identity))
        let info = try await endpoint.ask(.introspection, form: #"{"token": "\#(token)"}"#, isJSON: true).fields
        #expect(info["active"] as? Bool == true)
        #expect(try await endpoint.ask(.tokenInfo, query: "access_token=\(token)").status == 400)
        #expect(
            info["username"] as? String
                == "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/ci/subject/"
                + "repo:acme/site")
    }

    @Test("gives a token that counts while its pool does, whatever becomes of the provider")
    func pool() async throws {
        let endpoint = try await Endpoint()
        let world = endpoint.world
        let fields = Self.fields(try world.federation.token(from: endpoint.now).text())
        let answer = try await endpoint.ask(.securityToken, form: Self.form(fields)).fields
        let token = try #require(answer["access_token"] as? String)
        world.federation.change { $0.isDisabled = true }
        _ = try await world.bearers.verify(token, for: "batch.googleapis.com")
        let states = [
            IdentityPool(pool: FederationWorld.pool, isDisabled: true),
            IdentityPool(pool: FederationWorld.pool, isDeleted: true),
        ]
        for state in states {
            world.federation.pools.put(state)
            await #expect(throws: BearerError.accountState) {
                try await world.bearers.verify(token, for: "batch.googleapis.com")
            }
            #expect(try await endpoint.ask(.introspection, form: "token=\(token)").fields["active"] as? Bool == false)
        }
        world.federation.pools.put(IdentityPool(pool: FederationWorld.pool))
        _ = try await world.bearers.verify(token, for: "batch.googleapis.com")
    }

    static let refusals: [(Fault, String, String)] = [
        (
            Fault("a signature that is a stranger's") { $0.signing = .key($1.strangersKey) }, "invalid_grant",
            "Unable to verify the ID Token signature."
        ),
        (
            Fault("a key that the issuer does not have") { token, _ in token.header["kid"] = "x" }, "invalid_grant",
            "Error connecting to the given credential's issuer."
        ),
        (
            Fault("another issuer") { token, _ in token.claims["iss"] = "https://x" }, "invalid_grant",
            "The issuer in ID Token https://x does not match the expected one"
        ),
        (
            Fault("another audience") { token, _ in token.claims["aud"] = "other" }, "invalid_grant",
            "The audience in ID Token [other] does not match the expected audience."
        ),
        (
            Fault("an end that is past") { token, _ in
                token.claims["iat"] = 1_700_000_000
                token.claims["exp"] = 1_700_000_600
            }, "invalid_grant", "ID Token issued at 1700000000 is stale to sign-in."
        ),
        (
            Fault("no beginning") { token, _ in token.claims["iat"] = nil }, "invalid_grant",
            "ID Token issued at null is stale to sign-in."
        ),
        (
            Fault("a beginning beyond all numbers") { token, _ in token.claims["iat"] = 1e300 }, "invalid_grant",
            "ID Token issued at null is stale to sign-in."
        ),
        (
            Fault("a condition that is false") { token, _ in token.claims["owner"] = "x" }, "unauthorized_client",
            "The given credential is rejected by the attribute condition."
        ),
        (
            Fault("no subject") { token, _ in token.claims["sub"] = nil }, "invalid_grant",
            "The attribute mapping gives no google.subject"
        ),
        (
            Fault("a subject that is too long") { token, _ in token.claims["sub"] = String(repeating: "x", count: 128)
            },
            "invalid_request", "The size of mapped attribute google.subject exceeds the 127 bytes limit."
        ),
        (
            Fault("a disabled provider") { _, world in world.change { $0.isDisabled = true } }, "invalid_target",
            "The target service indicated by the \"audience\" parameters is invalid."
        ),
    ]

    @Test("refuses a token with", arguments: refusals)
    func refused(fault: Fault, error: String, description: String) async throws {
        let endpoint = try await Endpoint()
        var token = endpoint.world.federation.token(from: endpoint.now)
        try fault.make(&token, endpoint.world.federation)
        let (status, fields) = try await endpoint.ask(.securityToken, form: Self.form(Self.fields(token.text())))
        #expect(status == 400)
        #expect(fields["error"] as? String == error)
        #expect((fields["error_description"] as? String)?.hasPrefix(description) == true, "\(fields)")
        #expect(fields.count == 2)
    }

    @Test(
        "refuses a request that asks for something else",
        arguments: [
            ("grant_type", "authorization_code", "unsupported_grant_type"), ("grant_type", "", "invalid_request"),
            ("audience", "", "invalid_request"), ("audience", "projects/1/x", "invalid_request"),
            ("audience", "//iam.googleapis.com/locations/global/workforcePools/x/providers/y", "invalid_target"),
            ("scope", "", "invalid_scope"), ("scope", "a\"b", "invalid_scope"),
            ("requested_token_type", "urn:ietf:params:oauth:token-type:jwt", "invalid_request"),
            ("subject_token", "", "invalid_request"), ("subject_token", "x", "invalid_grant"),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token", "invalid_request"),
            ("options", #"{"accessBoundary":{"accessBoundaryRules":[]}}"#, "invalid_request"),
            ("options", "%7B%22accessBoundary%22%3A%7B%7D%7D", "invalid_request"), ("options", "x", "invalid_request"),
        ])
    func other(name: String, value: String, error: String) async throws {
        let endpoint = try await Endpoint()
        var fields = Self.fields(try endpoint.world.federation.token(from: endpoint.now).text())
        fields[name] = value
        let (status, answer) = try await endpoint.ask(.securityToken, form: Self.form(fields))
        #expect(status == 400)
        #expect(answer["error"] as? String == error, "\(answer)")
    }

    @Test("takes options that change nothing of the token")
    func options() async throws {
        let endpoint = try await Endpoint()
        var fields = Self.fields(try endpoint.world.federation.token(from: endpoint.now).text())
        fields["options"] = "%7B%22userProject%22%3A%20%22demo%22%7D"
        #expect(try await endpoint.ask(.securityToken, form: Self.form(fields)).status == 200)
    }

    @Test(
        "refuses a body that is none",
        arguments: [("x=%zz", false), ("{", true), ("[]", true), (#"{"a":1}"#, true), (#"{"aB":"","a_b":""}"#, true)])
    func unreadable(body: String, isJSON: Bool) async throws {
        let (status, fields) = try await Endpoint().ask(.securityToken, form: body, isJSON: isJSON)
        #expect(status == 400)
        #expect(fields["error"] as? String == "invalid_request")
    }
}
