import Access
import Federation
import Foundation
import Identity

/// An issuer outside that a pool trusts.
public final class FederationWorld: Sendable {
    /// The pool of programs.
    public static let pool = Pool.workload("ci", project: "123456789012")
    /// The pool's provider.
    public static let name = ProviderName(pool: pool, id: "builds")

    /// What the time is.
    public let clock: Clock
    /// Which pools there are.
    public let pools = FakePools()
    /// Who signs.
    public let issuer = FakeIssuer()
    /// Tells for whom tokens stand.
    public let exchange: TokenExchange
    /// The issuer's.
    public let key: SigningKey
    /// Nobody's.
    public let strangersKey: SigningKey
    /// The provider as it is at first: by default audience, with keys that the issuer publishes.
    public let provider = IdentityProvider(
        name: name, issuer: FakeIssuer.url,
        attributeMapping: [
            "google.subject": "assertion.sub", "google.groups": "assertion.teams",
            "attribute.branch": "assertion.ref.extract('refs/heads/{name}')", "attribute.owner": "assertion.owner",
        ],
        attributeCondition: "assertion.owner == 'acme'")

    /// A world whose issuer publishes its key.
    public init(keys: (own: SigningKey, strangers: SigningKey), clock: Clock, now: @escaping @Sendable () -> Date) {
        self.clock = clock
        (key, strangersKey) = keys
        exchange = TokenExchange(pools: pools, keys: IssuerKeys(documents: issuer, now: now), now: now)
        pools.put(IdentityPool(pool: Self.pool))
        pools.put(provider)
        issuer.publish((try? [FakeIssuer.jwk(key)]) ?? [])
    }

    /// A world by itself, with the keys that all tests share.
    public convenience init() async throws {
        let (own, strangers) = try await CredentialWorld.shared.value
        let clock = Clock()
        self.init(keys: (own, strangers), clock: clock, now: { clock.now })
    }

    /// What the issuer gives to a program.
    public func token(from seconds: Int? = nil) -> Assertion {
        let start = seconds ?? clock.seconds()
        return Assertion(
            signedWith: key,
            claims: [
                "iss": FakeIssuer.url, "aud": "https:" + Self.name.fullName, "sub": "repo:acme/site", "iat": start,
                "exp": start + 600, "owner": "acme", "ref": "refs/heads/main", "teams": ["web", "all"],
            ])
    }

    /// Changes the provider.
    public func change(_ change: (inout IdentityProvider) -> Void) {
        var provider = provider
        change(&provider)
        pools.put(provider)
    }

    /// One thing that is wrong with a token or with what stands behind it.
    public struct Fault: Sendable, CustomStringConvertible {
        /// What is wrong, as it stands in a test's name.
        public let description: String
        /// Makes it so.
        public let make: @Sendable (inout Assertion, FederationWorld) throws -> Void

        /// A fault of this name.
        public init(_ name: String, _ make: @escaping @Sendable (inout Assertion, FederationWorld) throws -> Void) {
            description = name
            self.make = make
        }
    }
}
