import Access
import CredentialSupport
import Crypto
import Federation
import Foundation
import Testing

@Suite("A token of an issuer outside")
struct TokenExchangeTests {
    typealias Fault = FederationWorld.Fault

    private func exchange(_ token: Assertion, in world: FederationWorld) async throws -> TokenExchange.Result {
        try await world.exchange.identity(of: token.text(), by: FederationWorld.name)
    }

    @Test("stands for an identity of the pool, with what the provider maps")
    func identity() async throws {
        let world = try await FederationWorld()
        let result = try await exchange(world.token(), in: world)
        #expect(
            result.identity
                == FederatedIdentity(
                    pool: FederationWorld.pool, subject: "repo:acme/site", groups: ["web", "all"],
                    attributes: ["branch": "main", "owner": "acme"]))
        #expect(result.expiresAt == world.clock.now + 600)
    }

    static let variants: [Fault] = [
        Fault("the audience without https") { token, _ in token.claims["aud"] = FederationWorld.name.fullName },
        Fault("several audiences") { token, _ in token.claims["aud"] = ["x", FederationWorld.name.fullName] },
        Fault("an audience of the provider's choice") { token, world in
            world.change { $0.audiences = ["builds"] }
            token.claims["aud"] = "builds"
        },
        Fault("keys that the provider was given") { _, world in
            world.issuer.vanish()
            let keys = try FakeIssuer.keySet([FakeIssuer.jwk(world.key, more: #", "x5c": ["?"]"#)])
            world.change { $0.keys = keys }
        },
        Fault("a key of P-256") { token, world in
            let key = P256.Signing.PrivateKey()
            world.issuer.publish(["{}", #"{"kty": "OKP"}"#, FakeIssuer.jwk(key, id: "ec")])
            token.header = ["alg": "ES256", "kid": "ec"]
            token.signing = .elliptic(key)
        },
        Fault("a clock that is a minute fast") { token, world in token.claims["iat"] = world.clock.seconds(60) },
        Fault("a clock that is a minute slow") { token, world in token.claims["exp"] = world.clock.seconds(-59) },
        Fault("a life of years") { token, world in token.claims["exp"] = world.clock.seconds(400_000_000) },
        Fault("no attributes but the subject and what the condition needs") { token, _ in
            token.claims["teams"] = nil
            token.claims["ref"] = nil
        },
    ]

    @Test("is good with", arguments: variants)
    func good(variant: Fault) async throws {
        let world = try await FederationWorld()
        var token = world.token()
        try variant.make(&token, world)
        let result = try await exchange(token, in: world)
        #expect(result.identity.subject == "repo:acme/site")
        #expect((1...86_400).contains(result.expiresAt.timeIntervalSince(world.clock.now)))
    }

    static let refusals: [(Fault, TokenExchangeError)] = [
        (
            Fault("another issuer") { token, _ in token.claims["iss"] = "https://evil.example.com" },
            .token(.wrongIssuer("https://evil.example.com"))
        ),
        (Fault("no issuer") { token, _ in token.claims["iss"] = nil }, .token(.wrongIssuer(nil))),
        (
            Fault("another audience") { token, _ in token.claims["aud"] = ["x", "y"] },
            .token(.wrongAudience(["x", "y"]))
        ),
        (Fault("no audience") { token, _ in token.claims["aud"] = nil }, .token(.wrongAudience([]))),
        (
            Fault("its own name as audience, where the provider chose others") { _, world in
                world.change { $0.audiences = ["builds"] }
            }, .token(.wrongAudience(["https:" + FederationWorld.name.fullName]))
        ),
        (
            Fault("an end that is past") { token, world in token.claims["exp"] = world.clock.seconds(-60) },
            .token(.stale(1_700_000_000))
        ),
        (Fault("no end") { token, _ in token.claims["exp"] = nil }, .token(.stale(1_700_000_000))),
        (
            Fault("an end that is no number") { token, _ in token.claims["exp"] = "1800000000" },
            .token(.stale(1_700_000_000))
        ),
        (Fault("no beginning") { token, _ in token.claims["iat"] = nil }, .token(.stale(nil))),
        (
            Fault("a beginning that is to come") { token, world in token.claims["iat"] = world.clock.seconds(61) },
            .token(.stale(1_700_000_061))
        ),
        (
            Fault("a time before which it does not count") { token, world in
                token.claims["nbf"] = world.clock.seconds(61)
            },
            .token(.stale(1_700_000_000))
        ),
        (
            Fault("alg none") { token, _ in
                token.header["alg"] = "none"
                token.signing = .none
            }, .token(.badSignature)
        ),
        (
            Fault("HS256 with the public key") { token, world in
                token.header["alg"] = "HS256"
                token.signing = .secret(Data(world.key.publicKey.pem.utf8))
            }, .token(.badSignature)
        ),
        (Fault("RS512 in its header") { token, _ in token.header["alg"] = "RS512" }, .token(.badSignature)),
        (
            Fault("a stranger's key of the same id") { token, world in token.signing = .key(world.strangersKey) },
            .token(.badSignature)
        ),
        (
            Fault("bytes for a signature") { token, _ in token.signing = .bytes(Data([1, 2, 3])) },
            .token(.badSignature)
        ),
        (
            Fault("a key of P-256 as one of RSA") { token, _ in
                token.header["alg"] = "ES256"
                token.signing = .elliptic(P256.Signing.PrivateKey())
            }, .token(.badSignature)
        ),
        (
            Fault("a key that the issuer does not have") { token, world in
                token.header["kid"] = "other"
                token.signing = .key(world.strangersKey)
            }, .token(.unknownKey)
        ),
        (Fault("no key id") { token, _ in token.header["kid"] = nil }, .token(.unknownKey)),
        (
            Fault("a key for encryption") { _, world in
                try world.issuer.publish([FakeIssuer.jwk(world.key, more: #", "use": "enc""#)])
            }, .token(.unknownKey)
        ),
        (
            Fault("a key for other signatures") { _, world in
                try world.issuer.publish([FakeIssuer.jwk(world.key, more: #", "alg": "PS256""#)])
            }, .token(.unknownKey)
        ),
        (Fault("an issuer that cannot be reached") { _, world in world.issuer.vanish() }, .token(.unknownKey)),
        (
            Fault("an issuer whose document is another's") { _, world in
                try world.issuer.publish([FakeIssuer.jwk(world.key)], issuer: "https://other.example.com")
            }, .token(.unknownKey)
        ),
        (
            Fault("an issuer that leads to this machine") { _, world in
                try world.issuer.publish([FakeIssuer.jwk(world.key)], keysURL: "http://127.0.0.1:8787/keys")
            }, .token(.unknownKey)
        ),
        (
            Fault("keys of the issuer's, where the provider was given others") { _, world in
                let keys = try FakeIssuer.keySet([FakeIssuer.jwk(world.strangersKey)])
                world.change { $0.keys = keys }
            }, .token(.unknownKey)
        ),
        (Fault("extensions that must be known") { token, _ in token.header["crit"] = ["b64"] }, .token(.malformed)),
        (
            Fault("claims 40 deep") { token, _ in
                var claim: any Sendable = 1
                for _ in 0..<40 { claim = ["a": claim] }
                token.claims["deep"] = claim
            }, .token(.malformed)
        ),
        (
            Fault("a length of 17 KiB") { token, _ in token.claims["x"] = String(repeating: "x", count: 17 << 10) },
            .token(.malformed)
        ),
        (
            Fault("a disabled pool") { _, world in
                world.pools.put(IdentityPool(pool: FederationWorld.pool, isDisabled: true))
            }, .noTarget
        ),
        (
            Fault("a deleted pool") { _, world in
                world.pools.put(IdentityPool(pool: FederationWorld.pool, isDeleted: true))
            }, .noTarget
        ),
        (Fault("a disabled provider") { _, world in world.change { $0.isDisabled = true } }, .noTarget),
        (Fault("a deleted provider") { _, world in world.change { $0.isDeleted = true } }, .noTarget),
        (Fault("a condition that is false") { token, _ in token.claims["owner"] = "evil" }, .mapping(.conditionNotMet)),
        (Fault("a condition without a value") { token, _ in token.claims["owner"] = nil }, .mapping(.conditionNotMet)),
        (
            Fault("a condition that is no truth value") { _, world in
                world.change { $0.attributeCondition = "assertion.owner" }
            }, .mapping(.conditionNotMet)
        ),
        (
            Fault("a condition that does not read") { _, world in world.change { $0.attributeCondition = "(" } },
            .mapping(.conditionNotMet)
        ),
        (Fault("no subject") { token, _ in token.claims["sub"] = nil }, .mapping(.noSubject)),
        (Fault("an empty subject") { token, _ in token.claims["sub"] = "" }, .mapping(.noSubject)),
        (Fault("a subject with a line break") { token, _ in token.claims["sub"] = "a\nb" }, .mapping(.noSubject)),
        (
            Fault("a mapping without a subject") { _, world in
                world.change { $0.attributeMapping = ["attribute.owner": "assertion.owner"] }
            }, .mapping(.noSubject)
        ),
        (
            Fault("a subject of 128 bytes") { token, _ in token.claims["sub"] = String(repeating: "é", count: 64) },
            .mapping(.subjectTooLong)
        ),
        (
            Fault("a subject that is a list") { token, _ in token.claims["sub"] = ["a"] },
            .mapping(.notEvaluable("google.subject"))
        ),
        (
            Fault("groups in groups") { token, _ in token.claims["teams"] = [["a"]] },
            .mapping(.notEvaluable("google.groups"))
        ),
        (
            Fault("attributes of more than 8 KiB") { token, _ in
                token.claims["teams"] = Array(repeating: String(repeating: "g", count: 100), count: 82)
            }, .mapping(.tooLarge(8192))
        ),
    ]

    @Test("is refused with", arguments: refusals)
    func refused(fault: Fault, error: TokenExchangeError) async throws {
        let world = try await FederationWorld()
        var token = world.token()
        try fault.make(&token, world)
        await #expect(throws: error) { try await exchange(token, in: world) }
    }

    @Test("is refused by a provider of another name, and where there are no pools")
    func elsewhere() async throws {
        let world = try await FederationWorld()
        let token = try world.token().text()
        let other = ProviderName(pool: .workload("ci", project: "210987654321"), id: "builds")
        await #expect(throws: TokenExchangeError.noTarget) { try await world.exchange.identity(of: token, by: other) }
        let nowhere = TokenExchange(pools: NoIdentityPools(), keys: IssuerKeys(documents: world.issuer))
        await #expect(throws: TokenExchangeError.noTarget) {
            try await nowhere.identity(of: token, by: FederationWorld.name)
        }
    }

    @Test(
        "gives a token that lasts as its pool says",
        arguments: [
            (FederationWorld.pool, nil, 600), (FederationWorld.pool, 120, 120), (FederationWorld.pool, 43_200, 43_200),
            (.workforce("staff"), nil, 3600), (.workforce("staff"), 900, 900),
        ] as [(Pool, Int?, Int)])
    func sessions(pool: Pool, sessionSeconds: Int?, seconds: Int) async throws {
        let world = try await FederationWorld()
        let name = ProviderName(pool: pool, id: "builds")
        world.pools.put(IdentityPool(pool: pool, sessionSeconds: sessionSeconds))
        world.pools.put(
            IdentityProvider(
                name: name, issuer: FakeIssuer.url, audiences: ["landfall"],
                attributeMapping: ["google.subject": "assertion.sub"]))
        // The issuer's token lasts ten minutes.
        var token = world.token()
        token.claims["aud"] = "landfall"
        let result = try await world.exchange.identity(of: token.text(), by: name)
        #expect(result.expiresAt.timeIntervalSince(world.clock.now) == Double(seconds))
    }

    @Test("is refused for somebody who was deleted")
    func deletedSubject() async throws {
        let world = try await FederationWorld()
        var token = world.token()
        token.claims["sub"] = "deleted"
        let text = try token.text()
        await #expect(throws: TokenExchangeError.deletedSubject) {
            try await world.exchange.identity(of: text, by: FederationWorld.name)
        }
    }

    @Test("of a person stands for one in a workforce pool, for the client's id alone")
    func workforce() async throws {
        let world = try await FederationWorld()
        let name = ProviderName(pool: .workforce("staff"), id: "login")
        world.pools.put(IdentityPool(pool: name.pool))
        var provider = IdentityProvider(
            name: name, issuer: FakeIssuer.url, audiences: ["client-1"],
            attributeMapping: [
                "google.subject": "assertion.email.split('@')[0]", "google.display_name": "assertion.name",
            ])
        world.pools.put(provider)
        var token = world.token()
        token.claims["aud"] = "client-1"
        token.claims["email"] = "alice@example.com"
        let identity = try await world.exchange.identity(of: token.text(), by: name).identity
        #expect(identity == FederatedIdentity(pool: .workforce("staff"), subject: "alice"))
        provider.audiences = []
        world.pools.put(provider)
        token.claims["aud"] = "https:" + name.fullName
        let text = try token.text()
        await #expect(throws: TokenExchangeError.token(.wrongAudience(["https:" + name.fullName]))) {
            try await world.exchange.identity(of: text, by: name)
        }
    }
}
