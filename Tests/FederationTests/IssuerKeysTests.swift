import CredentialSupport
import Federation
import Foundation
import Testing

@Suite("The keys of an issuer")
struct IssuerKeysTests {
    private func isGood(_ token: Assertion, in world: FederationWorld) async throws -> Bool {
        do {
            _ = try await world.exchange.identity(of: token.text(), by: FederationWorld.name)
            return true
        } catch TokenExchangeError.token(.unknownKey) {
            return false
        }
    }

    @Test("are asked for once, and again after an hour")
    func kept() async throws {
        let world = try await FederationWorld()
        for _ in 0..<3 { #expect(try await isGood(world.token(), in: world)) }
        #expect(world.issuer.count == 2)
        world.clock.advance(3599)
        #expect(try await isGood(world.token(), in: world))
        #expect(world.issuer.count == 2)
        world.clock.advance(1)
        #expect(try await isGood(world.token(), in: world))
        #expect(world.issuer.count == 4)
    }

    @Test("are asked for again when one is not among them, once a minute at most, and the others count meanwhile")
    func unknown() async throws {
        let world = try await FederationWorld()
        #expect(try await isGood(world.token(), in: world))
        var later = world.token()
        later.header["kid"] = "later"
        for _ in 0..<3 { #expect(try await !isGood(later, in: world)) }
        #expect(world.issuer.count == 2)
        world.clock.advance(60)
        for _ in 0..<3 { #expect(try await !isGood(later, in: world)) }
        #expect(world.issuer.count == 4)
        try world.issuer.publish([FakeIssuer.jwk(world.key), FakeIssuer.jwk(world.key, id: "later")])
        world.clock.advance(60)
        #expect(try await isGood(later, in: world))
        #expect(try await isGood(world.token(), in: world))
        #expect(world.issuer.count == 6)
    }

    @Test("count on for their hour while the issuer cannot be reached, which is tried again every ten seconds")
    func unreachable() async throws {
        let world = try await FederationWorld()
        #expect(try await isGood(world.token(), in: world))
        world.issuer.vanish()
        world.clock.advance(60)
        var other = world.token()
        other.header["kid"] = "other"
        for _ in 0..<3 { #expect(try await !isGood(other, in: world)) }
        #expect(world.issuer.count == 3)
        #expect(try await isGood(world.token(), in: world))
        world.clock.advance(3540)
        #expect(try await !isGood(world.token(), in: world))
        try world.issuer.publish([FakeIssuer.jwk(world.key)])
        #expect(try await !isGood(world.token(), in: world))
        world.clock.advance(10)
        #expect(try await isGood(world.token(), in: world))
    }

    @Test("are asked for once when many tokens come at once")
    func together() async throws {
        let world = try await FederationWorld()
        let text = try world.token().text()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { _ = try await world.exchange.identity(of: text, by: FederationWorld.name) }
            }
            try await group.waitForAll()
        }
        #expect(world.issuer.count == 2)
    }

    @Test(
        "are a set of JSON web keys with one at least that can be used",
        arguments: [
            "", "x", "[]", "{}", #"{"keys": []}"#, #"{"keys": {}}"#, #"{"keys": [1, null, "a", {}]}"#,
            #"{"keys": [{"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB"}]}"#,
            #"{"keys": [{"kty": "RSA", "kid": "a", "n": "=", "e": "AQAB"}]}"#,
            #"{"keys": [{"kty": "EC", "crv": "P-256", "kid": "a", "x": "AAAA", "y": "AAAA"}]}"#,
            #"{"keys": [{"kty": "EC", "crv": "P-384", "kid": "a", "x": "AAAA", "y": "AAAA"}]}"#,
            #"{"keys": [{"kty": "oct", "kid": "a", "k": "AAAA"}]}"#,
        ])
    func sets(json: String) { #expect(KeySet(json.utf8) == nil) }

    @Test("are not read from a document of more than 256 KiB, or of more than a hundred keys")
    func large() async throws {
        let world = try await FederationWorld()
        let key = try FakeIssuer.jwk(world.key)
        #expect(KeySet(FakeIssuer.keySet([key]).utf8) != nil)
        #expect(KeySet((FakeIssuer.keySet([key]) + String(repeating: " ", count: 256 << 10)).utf8) == nil)
        #expect(KeySet(FakeIssuer.keySet([key] + Array(repeating: "{}", count: 100)).utf8) == nil)
    }

    @Test(
        "are at an address of https, or of this machine",
        arguments: [
            ("https://a.example.com", true), ("https://a.example.com:8443/x/y", true), ("http://localhost:80", true),
            ("http://127.0.0.1:8787/a", true), ("http://[::1]:1", true), ("https://[2001:db8::1]/", true),
            ("http://a.example.com", false), ("http://127.0.0.1.example.com", false),
            ("http://127.0.0.1@example.com", false), ("http://localhost:80@example.com:80/", false),
            ("http://169.254.169.254/", false), ("https://", false), ("https:///x", false), ("https://:443", false),
            ("https://a b", false), ("https://a?x", false), ("https://a#x", false), ("https://a:99999", false),
            ("https://a\\b", false), ("https://é", false), ("ftp://a", false), ("file:///etc/passwd", false),
            ("https://" + String(repeating: "a", count: 2000), false), ("", false),
        ])
    func addresses(text: String, isGood: Bool) { #expect((IssuerURL(text) != nil) == isGood) }
}
