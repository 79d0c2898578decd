import Foundation
import Identity
import Store

/// All that makes tokens, over a store of its own, with one account that has a key.
public final class CredentialWorld: Sendable {
    /// The account that has a key.
    public static let robot = "robot@demo.iam.gserviceaccount.com"
    /// The domain of the private universe.
    public static let universe = "landfall.test"

    /// To look for primes takes long: all tests share two keys.
    static let shared = Task {
        (
            try await SigningKey.make(subject: "test", validity: .distantPast ..< .distantFuture),
            try await SigningKey.make(subject: "other", validity: .distantPast ..< .distantFuture)
        )
    }

    /// What the time is.
    public let clock: Clock
    /// Which accounts there are.
    public let accounts = FakeAccounts()
    /// Where tokens and keys are kept.
    public let store: SQLiteStore
    /// The keys that are held for accounts.
    public let systemKeys: SystemKeys
    /// Access and refresh tokens.
    public let tokens: Tokens
    /// Which tokens count.
    public let bearers: BearerTokens
    /// What accounts ask for with their keys.
    public let assertions: AssertionGrants
    /// Id tokens.
    public let idTokens: IDTokens
    /// The robot's own.
    public let key: SigningKey
    /// Nobody's.
    public let strangersKey: SigningKey
    /// What is known of identities that issuers outside vouch for.
    public let federation: FederationWorld
    private let path: String

    /// A world with the robot in it.
    ///
    /// - Parameter now: nil for a clock that the test moves.
    public init(now: (@Sendable () -> Date)? = nil) async throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        store = try SQLiteStore(path: "\(path)/state.sqlite")
        let clock = Clock()
        self.clock = clock
        let now = now ?? { clock.now }
        (key, strangersKey) = try await Self.shared.value
        accounts.put(ServiceAccountIdentity(uniqueID: Self.id(1), email: Self.robot, project: "demo"))
        accounts.setKeys([key.publicKey], of: Self.robot)
        systemKeys = SystemKeys(store: store, now: now)
        tokens = Tokens(store: store, now: now)
        let issuer = "https://accounts.\(Self.universe)"
        let selfSigned = SelfSignedTokens(
            accounts: accounts, systemKeys: systemKeys, universe: Self.universe, now: now)
        federation = FederationWorld(keys: (key, strangersKey), clock: clock, now: now)
        bearers = BearerTokens(
            tokens: tokens, selfSigned: selfSigned, accounts: accounts, pools: federation.pools)
        assertions = AssertionGrants(
            accounts: accounts, systemKeys: systemKeys, universe: Self.universe, issuer: issuer, now: now)
        idTokens = IDTokens(issuer: issuer, keys: systemKeys, now: now)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A unique id.
    public static func id(_ number: Int) -> String { String(100_000_000_000 + number) + "000000000" }

    /// What gcloud sends to the token endpoint for the robot.
    public func grant(from seconds: Int? = nil) -> Assertion {
        let start = seconds ?? clock.seconds()
        return Assertion(
            signedWith: key,
            claims: [
                "iss": Self.robot, "scope": "https://www.googleapis.com/auth/cloud-platform",
                "aud": "https://oauth2.googleapis.com/token", "iat": start, "exp": start + 3600,
            ])
    }

    /// What a library calls a service with for the robot.
    public func bearer(from seconds: Int? = nil, for service: String = "batch.googleapis.com") -> Assertion {
        let start = seconds ?? clock.seconds()
        return Assertion(
            signedWith: key,
            claims: [
                "iss": Self.robot, "sub": Self.robot, "aud": "https://\(service)/", "iat": start, "exp": start + 3600,
            ])
    }

    /// One thing that is wrong with a JWT or with what stands behind it.
    public struct Fault: Sendable, CustomStringConvertible {
        /// What is wrong, as it stands in a test's name.
        public let description: String
        /// Makes it so.
        public let make: @Sendable (inout Assertion, CredentialWorld) -> Void

        /// A fault of this name.
        public init(_ name: String, _ make: @escaping @Sendable (inout Assertion, CredentialWorld) -> Void) {
            description = name
            self.make = make
        }
    }
}
