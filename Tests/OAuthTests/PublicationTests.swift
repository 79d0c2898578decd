import CredentialSupport
import Foundation
import Identity
import Testing

@testable import OAuth

@Suite("What OAuth publishes")
struct PublicationTests {
    @Test("tells what an access token stands for, in both forms, while it does")
    func introspection() async throws {
        let endpoint = try await Endpoint()
        let robot = try #require(try await endpoint.world.accounts.account(CredentialWorld.robot))
        let token = try await endpoint.world.tokens.issueAccess(for: robot, scope: "a b").value
        for (query, form) in [("access_token=\(token)", ""), ("", "access_token=\(token)")] {
            let (status, fields) = try await endpoint.ask(.tokenInfo, query: query, form: form)
            #expect(status == 200)
            #expect(fields["email"] as? String == CredentialWorld.robot)
            #expect(fields["azp"] as? String == CredentialWorld.id(1))
            #expect(fields["scope"] as? String == "a b")
            #expect(fields["email_verified"] as? String == "true")
            let left = try #require((fields["expires_in"] as? String).flatMap { Int($0) })
            #expect(Endpoint.hour.contains(left))
        }
        let active = try await endpoint.ask(.introspection, form: "token=\(token)").fields
        #expect(active["active"] as? Bool == true && active["username"] as? String == CredentialWorld.robot)

        endpoint.world.accounts.setDisabled(true, CredentialWorld.robot)
        let info = try await endpoint.ask(.tokenInfo, query: "access_token=\(token)")
        #expect(info.status == 400 && info.fields["error"] as? String == "invalid_token")
        let inactive = try await endpoint.ask(.introspection, form: "token=\(token)").fields
        #expect(inactive["active"] as? Bool == false && inactive.count == 1)
    }

    @Test("tells what an id token says, if it is this installation's")
    func idToken() async throws {
        let endpoint = try await Endpoint()
        let robot = try #require(try await endpoint.world.accounts.account(CredentialWorld.robot))
        let token = try await endpoint.world.idTokens.issue(for: robot, audience: "x", includesEmail: false)
        let (status, fields) = try await endpoint.ask(.tokenInfo, query: "id_token=\(token)")
        #expect(status == 200)
        #expect(fields["aud"] as? String == "x" && fields["email"] == nil)
        #expect(try await endpoint.ask(.tokenInfo, query: "id_token=\(token.dropLast(4))AAAA").status == 400)
        #expect(try await endpoint.ask(.tokenInfo).status == 400)
    }

    @Test("has every key of an account in every form, and none of an account that does not exist")
    func keys() async throws {
        let endpoint = try await Endpoint()
        let world = endpoint.world
        _ = try await world.systemKeys.signingKey(of: CredentialWorld.id(1))
        let ids = try await [world.key.id] + world.systemKeys.publicKeys(of: CredentialWorld.id(1)).map(\.id)
        for account in [CredentialWorld.robot, CredentialWorld.id(1)] {
            let jwk = try await endpoint.ask(.accountKeys(account)).fields["keys"] as? [[String: String]]
            #expect(jwk?.map { $0["kid"] } == ids)
            #expect(jwk?.allSatisfy { $0["kty"] == "RSA" && $0["alg"] == "RS256" && $0["e"] == "AQAB" } == true)
            let raw = try await endpoint.ask(.accountNumbers(account)).fields["keyvalues"] as? [[String: String]]
            #expect(raw?.map { $0["keyid"] } == ids)
        }
        let certificates = try await endpoint.ask(.accountCertificates(CredentialWorld.robot)).fields
        #expect(Set(certificates.keys) == Set(ids))
        #expect(certificates[world.key.id] as? String == world.key.publicKey.certificate)
        #expect(try await endpoint.ask(.accountKeys("nobody@demo.iam.gserviceaccount.com")).status == 404)
    }

    @Test("says where the keys of id tokens are")
    func discovery() async throws {
        let fields = try await Endpoint().ask(.discovery).fields
        #expect(fields["issuer"] as? String == "https://accounts.landfall.test")
        #expect(fields["jwks_uri"] as? String == "https://accounts.landfall.test/oauth2/v3/certs")
    }

    static let routes: [(String, String, String, OAuthRoute?)] = [
        ("POST", "oauth2.googleapis.com", "/token", .token),
        ("POST", "127.0.0.1", "/token", .token),
        ("POST", "www.googleapis.com", "/oauth2/v4/token", .token),
        ("POST", "sts.googleapis.com", "/v1/oauthtoken", .token),
        ("GET", "127.0.0.1", "/authorize", .authorization),
        ("GET", "::1", "/o/oauth2/v2/auth", .authorization),
        ("GET", "localhost", "/signin/x", .signIn("x")),
        ("GET", "auth.landfall.test", "/authorize", .authorization),
        ("GET", "accounts.landfall.test", "/o/oauth2/auth", .authorization),
        ("GET", "rebound.evil.example", "/authorize", nil),
        ("GET", "127.0.0.1.evil.example", "/signin/x", nil),
        ("GET", "batch.landfall.test", "/authorize", nil),
        ("POST", "127.0.0.1", "/authorize", nil),
        ("POST", "oauth2.googleapis.com", "/revoke", .revocation),
        ("GET", "oauth2.googleapis.com", "/revoke", nil),
        ("POST", "sts.landfall.test", "/v1/revoke", .securityTokenRevocation),
        ("POST", "batch.googleapis.com", "/revoke", nil),
        ("GET", "oauth2.googleapis.com", "/token", nil),
        ("POST", "batch.googleapis.com", "/token", nil),
        ("POST", "oauth2.evil.batch.googleapis.com", "/token", nil),
        ("GET", "oauth2.googleapis.com", "/tokeninfo", .tokenInfo),
        ("POST", "sts.googleapis.com", "/v1/introspect", .introspection),
        ("POST", "sts.landfall.test", "/v1/token", .securityToken),
        ("GET", "sts.googleapis.com", "/v1/token", nil),
        ("POST", "batch.googleapis.com", "/v1/token", nil),
        ("GET", "accounts.landfall.test", "/.well-known/openid-configuration", .discovery),
        ("GET", "www.googleapis.com", "/oauth2/v3/certs", .issuerKeys),
        ("GET", "www.googleapis.com", "/oauth2/v1/certs", .issuerCertificates),
        ("GET", "www.googleapis.com", "/service_accounts/v1/jwk/a%40b.example.com", .accountKeys("a@b.example.com")),
        (
            "GET", "www.googleapis.com", "/service_accounts/v1/metadata/x509/a@b.example.com",
            .accountCertificates("a@b.example.com")
        ),
        ("GET", "www.googleapis.com", "/service_accounts/v1/metadata/raw/1", .accountNumbers("1")),
        ("GET", "www.googleapis.com", "/service_accounts/v1/metadata/raw/", nil),
        ("GET", "www.googleapis.com", "/service_accounts/v1/other/1", nil),
        ("GET", "www.googleapis.com", "/service_accounts/v1/jwk/%zz", nil),
        ("GET", "batch.googleapis.com", "/v1/projects/demo/locations", nil),
    ]

    @Test("is found by host and path", arguments: routes)
    func route(method: String, host: String, path: String, route: OAuthRoute?) {
        let domains = ["googleapis.com", "landfall.test"]
        #expect(OAuthRoute(method: method, path: path, host: host, domains: domains) == route)
    }
}
