import Access
import Crypto
import Federation
import Foundation
import Identity
import Synchronization

/// An issuer that publishes what a test says, and counts who asks.
public final class FakeIssuer: IssuerDocuments {
    /// What its tokens name as `iss`.
    public static let url = "https://issuer.example.com"
    /// Where its keys are.
    public static let keysURL = "https://issuer.example.com/keys"

    /// There is nothing at an address.
    public struct NotFound: Error {}

    private let documents = Mutex<[String: String]>([:])
    private let fetches = Mutex(0)

    /// An issuer that publishes nothing yet.
    public init() {}

    /// How often it was asked for its keys or for where they are.
    public var count: Int { fetches.withLock { $0 } }

    /// The document at an address.
    public func document(at url: IssuerURL) async throws -> [UInt8] {
        fetches.withLock { $0 += 1 }
        guard let text = documents.withLock({ $0[url.text] }) else { throw NotFound() }
        return Array(text.utf8)
    }

    /// Puts keys, as `jwk` writes them, where its discovery document says.
    public func publish(_ keys: [String], issuer: String = url, keysURL: String = keysURL) {
        set(#"{"issuer": "\#(issuer)", "jwks_uri": "\#(keysURL)"}"#, at: Self.url + "/.well-known/openid-configuration")
        set(Self.keySet(keys), at: keysURL)
    }

    /// Puts a document at an address; nil takes it away.
    public func set(_ document: String?, at url: String) {
        documents.withLock { $0[url] = document }
    }

    /// Takes everything away.
    public func vanish() { documents.withLock { $0 = [:] } }

    /// A set of JSON web keys.
    public static func keySet(_ keys: [String]) -> String { #"{"keys": [\#(keys.joined(separator: ","))]}"# }

    /// A key of RSA as a JSON web key.
    public static func jwk(_ key: SigningKey, id: String? = nil, more: String = "") throws -> String {
        let (modulus, exponent) = try key.publicKey.primitives()
        return #"{"kty": "RSA", "kid": "\#(id ?? key.id)", "n": "\#(modulus)", "e": "\#(exponent)"\#(more)}"#
    }

    /// A key of P-256 as a JSON web key.
    public static func jwk(_ key: P256.Signing.PrivateKey, id: String) -> String {
        let point = key.publicKey.rawRepresentation
        let (x, y) = (Assertion.base64URL(point.prefix(32)), Assertion.base64URL(point.suffix(32)))
        return
            #"{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "\#(id)", "x": "\#(x)", "y": "\#(y)"}"#
    }
}

/// Pools and providers as a test says.
public final class FakePools: IdentityPools {
    private let known = Mutex<(pools: [Pool: IdentityPool], providers: [ProviderName: IdentityProvider])>(([:], [:]))

    /// None yet.
    public init() {}

    /// The pool that was put.
    public func pool(_ pool: Pool) async throws -> IdentityPool? { known.withLock { $0.pools[pool] } }

    /// The provider that was put.
    public func provider(_ name: ProviderName) async throws -> IdentityProvider? {
        known.withLock { $0.providers[name] }
    }

    /// Whether its subject is `deleted`.
    public func isDeleted(_ identity: FederatedIdentity, at now: Date) async throws -> Bool {
        identity.subject == "deleted"
    }

    /// Makes a pool, or changes one.
    public func put(_ pool: IdentityPool) { known.withLock { $0.pools[pool.pool] = pool } }

    /// Makes a provider, or changes one.
    public func put(_ provider: IdentityProvider) { known.withLock { $0.providers[provider.name] = provider } }
}
