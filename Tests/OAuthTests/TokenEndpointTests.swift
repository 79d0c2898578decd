import CredentialSupport
import Foundation
import Identity
import Testing

@testable import OAuth

@Suite("The token endpoint")
struct TokenEndpointTests {
    typealias Fault = CredentialWorld.Fault

    @Test("renews an access token, and repeats the scopes that were asked for")
    func renews() async throws {
        let endpoint = try await Endpoint()
        let refresh = try await endpoint.world.tokens.issueRefresh(for: .user("alice@example.com"))
        let value = try #require(refresh.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let (status, fields) = try await endpoint.ask(
            .token, form: "grant_type=refresh_token&refresh_token=\(value)&scope=a+b")
        #expect(status == 200)
        let token = try #require(fields["access_token"] as? String)
        #expect(try await endpoint.world.bearers.introspect(token).principal == .user("alice@example.com"))
        #expect(Endpoint.hour.contains(try #require(fields["expires_in"] as? Int)))
        #expect(fields["token_type"] as? String == "Bearer")
        #expect(fields["scope"] as? String == "a b")
    }

    @Test("renews with the scopes of a login, those of them that were asked for, and no others")
    func narrows() async throws {
        let endpoint = try await Endpoint()
        let refresh = try await endpoint.world.tokens.issueRefresh(for: .user("alice@example.com"), scope: "a b c")
        for (asked, granted) in [("", "a b c"), ("&scope=c+x+a", "c a"), ("&scope=", "a b c")] {
            let (status, fields) = try await endpoint.ask(
                .token, form: "grant_type=refresh_token&refresh_token=\(refresh)\(asked)")
            #expect(status == 200)
            #expect(fields["scope"] as? String == granted)
            let token = try #require(fields["access_token"] as? String)
            #expect(try await endpoint.world.tokens.verify(token).scope == granted)
        }
        let other = try await endpoint.ask(
            .token, form: "grant_type=refresh_token&refresh_token=\(refresh)&scope=x")
        #expect(other.status == 400 && other.fields["error"] as? String == "invalid_scope")
    }

    @Test(
        "answers with the errors of RFC 6749",
        arguments: [
            ("grant_type=refresh_token&refresh_token=other", "invalid_grant"),
            ("grant_type=refresh_token", "invalid_request"),
            ("grant_type=password", "unsupported_grant_type"),
            ("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer", "invalid_request"),
            ("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=x", "invalid_grant"),
            ("", "invalid_request"),
            ("grant_type=a&grant_type=b", "invalid_request"),
            ("grant_type=%zz", "invalid_request"),
        ])
    func refuses(form: String, error: String) async throws {
        let (status, fields) = try await Endpoint().ask(.token, form: form)
        #expect(status == 400)
        #expect(fields["error"] as? String == error)
    }

    @Test("refuses an access token where a refresh token belongs, and one of an account that is disabled")
    func refusesToRenew() async throws {
        let endpoint = try await Endpoint()
        let access = try await endpoint.world.tokens.issueAccess(for: .user("alice@example.com")).value
        let refresh = try await endpoint.world.tokens.issueRefresh(
            for: .serviceAccount(CredentialWorld.robot), uniqueID: CredentialWorld.id(1))
        endpoint.world.accounts.setDisabled(true, CredentialWorld.robot)
        for token in [access, refresh] {
            let (status, fields) = try await endpoint.ask(
                .token, form: "grant_type=refresh_token&refresh_token=\(token)")
            #expect(status == 400)
            #expect(fields["error"] as? String == "invalid_grant")
        }
    }

    @Test(
        "gives an access token for a service account's assertion, whichever of its names that is for",
        arguments: [
            "https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token",
            "https://oauth2.landfall.test/token", "https://accounts.landfall.test/token",
            "http://127.0.0.1:8787/token", "http://localhost/token", "http://[::1]:8787/token",
        ])
    func access(audience: String) async throws {
        let endpoint = try await Endpoint()
        var assertion = endpoint.world.grant(from: endpoint.now)
        assertion.claims["aud"] = audience
        let (status, fields) = try await endpoint.exchange(assertion)
        #expect(status == 200, "\(fields)")
        #expect(Endpoint.hour.contains(try #require(fields["expires_in"] as? Int)))
        #expect(fields["token_type"] as? String == "Bearer")
        let token = try #require(fields["access_token"] as? String)
        let found = try await endpoint.world.bearers.introspect(token)
        #expect(found.principal == .serviceAccount(CredentialWorld.robot))
        #expect(found.scope == "https://www.googleapis.com/auth/cloud-platform")
    }

    @Test("takes an assertion that names no key, and one that its key is held for the account")
    func keys() async throws {
        let endpoint = try await Endpoint()
        var assertion = endpoint.world.grant(from: endpoint.now)
        assertion.header["kid"] = nil
        #expect(try await endpoint.exchange(assertion).status == 200)
        let held = try await endpoint.world.systemKeys.signingKey(of: CredentialWorld.id(1))
        #expect(try await endpoint.exchange(Assertion(signedWith: held, claims: assertion.claims)).status == 200)
    }

    @Test("gives an id token for an assertion with a target audience, which the published keys verify")
    func identity() async throws {
        let endpoint = try await Endpoint()
        var assertion = endpoint.world.grant(from: endpoint.now)
        assertion.claims["scope"] = nil
        assertion.claims["target_audience"] = "https://service.example.com"
        let (status, fields) = try await endpoint.exchange(assertion)
        #expect(status == 200, "\(fields)")
        #expect(fields["access_token"] == nil)
        let token = try #require(fields["id_token"] as? String)
        let (header, claims) = try #require(contents(of: token))
        #expect(claims["iss"] as? String == "https://accounts.landfall.test")
        #expect(claims["aud"] as? String == "https://service.example.com")
        #expect(claims["sub"] as? String == CredentialWorld.id(1))
        #expect(claims["azp"] as? String == CredentialWorld.id(1))
        #expect(claims["email"] as? String == CredentialWorld.robot)
        #expect(claims["email_verified"] as? Bool == true)
        let keys = try await endpoint.ask(.issuerKeys).fields["keys"] as? [[String: Any]]
        #expect(keys?.contains { $0["kid"] as? String == header["kid"] as? String } == true)
    }

    static let refusals: [(Fault, Int, String, String)] = [
        (
            Fault("a stranger's key") { $0.signing = .key($1.strangersKey) }, 400, "invalid_grant",
            "Invalid JWT Signature."
        ),
        (
            Fault("alg none") { token, _ in
                token.header["alg"] = "none"
                token.signing = .none
            }, 400, "invalid_grant", "Invalid JWT Signature."
        ),
        (
            Fault("HS256 with the public key") { token, world in
                token.header["alg"] = "HS256"
                token.signing = .secret(Data(world.key.publicKey.pem.utf8))
            }, 400, "invalid_grant", "Invalid JWT Signature."
        ),
        (
            Fault("a key id of nobody") { token, _ in token.header["kid"] = "0000" }, 400, "invalid_grant",
            "Invalid JWT Signature."
        ),
        (
            Fault("a deleted key") { _, world in world.accounts.setKeys([], of: CredentialWorld.robot) }, 400,
            "invalid_grant", "Invalid JWT Signature."
        ),
        (
            Fault("a deleted account") { _, world in world.accounts.delete(CredentialWorld.robot) }, 400,
            "invalid_grant", "Invalid grant: account not found"
        ),
        (
            Fault("another account's name") { token, world in
                let other = "other@demo.iam.gserviceaccount.com"
                world.accounts.put(
                    ServiceAccountIdentity(uniqueID: CredentialWorld.id(9), email: other, project: "demo"))
                token.claims["iss"] = other
            }, 400, "invalid_grant", "Invalid JWT Signature."
        ),
        (
            Fault("a disabled account") { _, world in world.accounts.setDisabled(true, CredentialWorld.robot) }, 401,
            "disabled_client", "The OAuth client was disabled."
        ),
        (
            Fault("a person's name") { token, _ in token.claims["sub"] = "alice@example.com" }, 401,
            "unauthorized_client", "Client is unauthorized"
        ),
        (
            Fault("an end long past") { token, _ in
                token.claims["iat"] = 1_700_000_000
                token.claims["exp"] = 1_700_003_600
            }, 400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)"
        ),
        (
            Fault("two hours") { token, _ in
                token.claims["exp"] = ((token.claims["iat"] as? Int) ?? 0) + 7200
            }, 400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)"
        ),
        (
            Fault("a beginning that is to come") { token, _ in
                token.claims["iat"] = ((token.claims["iat"] as? Int) ?? 0) + 600
            }, 400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)"
        ),
        (
            Fault("a service as audience") { token, _ in token.claims["aud"] = "https://batch.googleapis.com/" }, 400,
            "invalid_grant", "Invalid JWT: Failed audience check."
        ),
        (
            Fault("another server as audience") { token, _ in token.claims["aud"] = "http://evil.example.com/token" },
            400, "invalid_grant", "Invalid JWT: Failed audience check."
        ),
        (
            Fault("another server that looks like this machine") { token, _ in
                token.claims["aud"] = "http://127.0.0.1@evil.example.com:80/token"
            }, 400, "invalid_grant", "Invalid JWT: Failed audience check."
        ),
        (Fault("no scope") { token, _ in token.claims["scope"] = nil }, 400, "invalid_scope", "Invalid OAuth scope"),
        (Fault("a blank scope") { token, _ in token.claims["scope"] = " " }, 400, "invalid_scope", "Invalid OAuth"),
    ]

    @Test("refuses an assertion with", arguments: refusals)
    func refused(fault: Fault, status: Int, error: String, description: String) async throws {
        let endpoint = try await Endpoint()
        var assertion = endpoint.world.grant(from: endpoint.now)
        fault.make(&assertion, endpoint.world)
        let answer = try await endpoint.exchange(assertion)
        #expect(answer.status == status)
        #expect(answer.fields["error"] as? String == error)
        #expect((answer.fields["error_description"] as? String)?.hasPrefix(description) == true, "\(answer.fields)")
        #expect(answer.fields.count == 2)
    }
}
