import CredentialSupport
import Foundation
import Identity
import Testing

@Suite("A JWT that a service account signed itself")
struct SelfSignedTokenTests {
    typealias World = CredentialWorld
    typealias Fault = World.Fault

    private func world() async throws -> World { try await World() }

    private func verify(_ assertion: Assertion, _ world: World, for service: String = "batch.googleapis.com")
        async throws
        -> Date
    {
        let bearer = try await world.bearers.verify(assertion.text(), for: service)
        #expect(bearer.principal == .serviceAccount(World.robot, uniqueID: World.id(1)))
        #expect(bearer.delegation.isEmpty)
        return bearer.expiresAt
    }

    @Test(
        "lets the account in where it says that it is for the service",
        arguments: [
            "https://batch.googleapis.com/", "https://batch.googleapis.com",
            "https://batch.googleapis.com/google.cloud.batch.v1.BatchService", "https://batch.landfall.test/",
        ])
    func audience(_ audience: String) async throws {
        let world = try await world()
        var token = world.bearer()
        token.claims["aud"] = audience
        #expect(try await verify(token, world) == world.clock.now + 3600)
        // The second time by what is remembered.
        #expect(try await verify(token, world) == world.clock.now + 3600)
    }

    @Test("lets the account in everywhere when it lists scopes instead, and by a key that is held for it")
    func scopes() async throws {
        let world = try await world()
        var token = world.bearer()
        token.claims["aud"] = nil
        token.claims["scope"] = "https://www.googleapis.com/auth/cloud-platform"
        for service in ["batch.googleapis.com", "logging.googleapis.com"] {
            _ = try await verify(token, world, for: service)
        }
        let system = try await world.systemKeys.signingKey(of: World.id(1))
        _ = try await verify(Assertion(signedWith: system, claims: token.claims), world)
    }

    static let faults: [Fault] = [
        Fault("says alg none") { token, _ in
            token.header["alg"] = "none"
            token.signing = .none
        },
        Fault("says alg none in capitals, and has a signature") { token, _ in token.header["alg"] = "NONE" },
        Fault("is signed with the public key as an HMAC secret") { token, world in
            token.header["alg"] = "HS256"
            token.signing = .secret(Data(world.key.publicKey.pem.utf8))
        },
        Fault("is signed with the certificate as an HMAC secret, without naming the key") { token, world in
            token.header["alg"] = "HS256"
            token.header["kid"] = nil
            token.signing = .secret(Data(world.key.publicKey.certificate.utf8))
        },
        Fault("names another algorithm of the same key") { token, _ in token.header["alg"] = "RS512" },
        Fault("is signed with a stranger's key") { token, world in token.signing = .key(world.strangersKey) },
        Fault("names a key that is not the signer's") { token, world in token.header["kid"] = world.strangersKey.id },
        Fault("has an empty signature") { token, _ in token.signing = .none },
        Fault("has a signature of zeros") { token, _ in token.signing = .bytes(Data(count: 256)) },
        Fault("has an extension that must be known") { token, _ in token.header["crit"] = ["b64"] },
        Fault("is for another service") { token, _ in token.claims["aud"] = "https://logging.googleapis.com/" },
        Fault("is for a service whose name only begins alike") { token, _ in
            token.claims["aud"] = "https://batch.googleapis.com.example.com/"
        },
        Fault("is for the token endpoint") { token, _ in
            token.claims["aud"] = "https://oauth2.googleapis.com/token"
        },
        Fault("is for nobody and lists no scope") { token, _ in token.claims["aud"] = nil },
        Fault("is for several") { token, _ in token.claims["aud"] = ["https://batch.googleapis.com/"] },
        Fault("is of an account that does not exist") { token, _ in
            token.claims["iss"] = "nobody@demo.iam.gserviceaccount.com"
            token.claims["sub"] = "nobody@demo.iam.gserviceaccount.com"
        },
        Fault("is of nobody") { token, _ in token.claims["iss"] = nil },
        Fault("writes the address in capitals") { token, _ in
            token.claims["iss"] = World.robot.uppercased()
            token.claims["sub"] = World.robot.uppercased()
        },
        Fault("writes the address with a letter of another alphabet") { token, _ in
            token.claims["iss"] = World.robot.replacing("o", with: "\u{43E}")
            token.claims["sub"] = World.robot.replacing("o", with: "\u{43E}")
        },
        Fault("is in the name of a person") { token, _ in token.claims["sub"] = "alice@example.com" },
        Fault("is not good yet") { token, world in
            token.claims["iat"] = world.clock.seconds(300)
            token.claims["exp"] = world.clock.seconds(600)
        },
        Fault("says itself that it is not good yet") { token, world in
            token.claims["nbf"] = world.clock.seconds(300)
        },
        Fault("lasts longer than an hour") { token, world in token.claims["exp"] = world.clock.seconds(3601) },
        Fault("has no end") { token, _ in token.claims["exp"] = nil },
        Fault("has no beginning") { token, _ in token.claims["iat"] = nil },
        Fault("has an end that is no number") { token, world in
            token.claims["exp"] = String(world.clock.seconds(3600))
        },
        Fault("is signed with a key that is disabled") { _, world in
            let key = try? PublicKey(
                id: world.key.id, certificate: world.key.publicKey.certificate,
                validity: .distantPast ..< .distantFuture, isDisabled: true)
            world.accounts.setKeys([key].compactMap { $0 }, of: World.robot)
        },
        Fault("is signed with a key that has ended") { _, world in
            let key = try? PublicKey(
                id: world.key.id, certificate: world.key.publicKey.certificate,
                validity: .distantPast..<world.clock.now)
            world.accounts.setKeys([key].compactMap { $0 }, of: World.robot)
        },
        Fault("is signed with a key that is deleted") { _, world in world.accounts.setKeys([], of: World.robot) },
        Fault("is of an account that is deleted") { _, world in world.accounts.delete(World.robot) },
        Fault("is of an account that was made again, without its key") { _, world in
            world.accounts.put(ServiceAccountIdentity(uniqueID: World.id(2), email: World.robot, project: "demo"))
        },
    ]

    @Test("is refused when it", arguments: faults)
    func refused(_ fault: Fault) async throws {
        let world = try await world()
        var token = world.bearer()
        _ = try await verify(token, world)
        fault.make(&token, world)
        await #expect(throws: BearerError.unknown) { try await verify(token, world) }
    }

    @Test("is refused when it has ended, although it was good and is remembered")
    func expired() async throws {
        let world = try await world()
        let token = world.bearer()
        _ = try await verify(token, world)
        world.clock.advance(3600 + 60)
        await #expect(throws: BearerError.expired) { try await verify(token, world) }
    }

    @Test("is refused at a second service, although it is good at the first")
    func reused() async throws {
        let world = try await world()
        let token = world.bearer()
        for _ in 1...2 {
            _ = try await verify(token, world)
            await #expect(throws: BearerError.unknown) {
                try await verify(token, world, for: "logging.googleapis.com")
            }
        }
    }

    @Test("is refused while its account is disabled")
    func disabled() async throws {
        let world = try await world()
        let token = world.bearer()
        _ = try await verify(token, world)
        world.accounts.setDisabled(true, World.robot)
        await #expect(throws: BearerError.accountState) { try await verify(token, world) }
        world.accounts.setDisabled(false, World.robot)
        _ = try await verify(token, world)
    }

    @Test(
        "is refused when it is none",
        arguments: [
            "eyJ", "eyJ.eyJ.eyJ", "eyJhbGciOiJSUzI1NiJ9..", "eyJhbGciOiJSUzI1NiJ9.e30.", "eyJhbGciOiJub25lIn0.e30.",
            "eyJhbGciOiJSUzI1NiJ9.e30.AA==", "eyJ" + String(repeating: "A", count: 1 << 16),
            "eyJhbGciOiJSUzI1NiJ9." + String(repeating: "W", count: 12_000) + ".AAAA",
        ])
    func garbage(_ token: String) async throws {
        let world = try await world()
        await #expect(throws: BearerError.unknown) {
            try await world.bearers.verify(token, for: "batch.googleapis.com")
        }
    }

    @Test("cannot be an id token of this installation")
    func idToken() async throws {
        let world = try await world()
        let robot = try #require(try await world.accounts.account(World.robot))
        let token = try await world.idTokens.issue(
            for: robot, audience: "https://batch.googleapis.com/", includesEmail: true)
        await #expect(throws: BearerError.unknown) {
            try await world.bearers.verify(token, for: "batch.googleapis.com")
        }
    }
}
