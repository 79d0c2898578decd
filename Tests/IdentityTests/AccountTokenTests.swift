import CredentialSupport
import Foundation
import Testing

@testable import Identity

@Suite("An access token of a service account")
struct AccountTokenTests {
    typealias World = CredentialWorld

    private func issue(_ world: World, lifetime: TimeInterval? = nil) async throws -> AccessToken {
        let robot = try #require(try await world.accounts.account(World.robot))
        return try await world.tokens.issueAccess(for: robot, scope: "a b", lifetime: lifetime)
    }

    @Test("is good at once, says what it is for, and is on disk a moment later")
    func issued() async throws {
        let world = try await World()
        let token = try await issue(world, lifetime: 60)
        #expect(token.expiresAt == world.clock.now + 60)
        let found = try await world.bearers.introspect(token.value)
        #expect(found.scope == "a b" && found.uniqueID == World.id(1))

        let restarted = Tokens(store: world.store, now: { [clock = world.clock] in clock.now })
        var read = try? await restarted.verify(token.value)
        for _ in 0..<1000 where read == nil {
            try await Task.sleep(for: .milliseconds(10))
            read = try? await restarted.verify(token.value)
        }
        #expect(read == found)
    }

    @Test("is refused while the account is disabled, and good again afterwards")
    func disabled() async throws {
        let world = try await World()
        let token = try await issue(world).value
        world.accounts.setDisabled(true, World.robot)
        await #expect(throws: BearerError.accountState) {
            try await world.bearers.verify(token, for: "batch.googleapis.com")
        }
        await #expect(throws: BearerError.accountState) { try await world.bearers.introspect(token) }
        world.accounts.setDisabled(false, World.robot)
        _ = try await world.bearers.verify(token, for: "batch.googleapis.com")
    }

    @Test("is nobody's once the account is deleted, nor one's that is made again by the same name")
    func deleted() async throws {
        let world = try await World()
        let token = try await issue(world).value
        world.accounts.delete(World.robot)
        await #expect(throws: BearerError.accountState) {
            try await world.bearers.verify(token, for: "batch.googleapis.com")
        }
        world.accounts.put(ServiceAccountIdentity(uniqueID: World.id(2), email: World.robot, project: "demo"))
        await #expect(throws: BearerError.accountState) {
            try await world.bearers.verify(token, for: "batch.googleapis.com")
        }
    }

    @Test("survives the key that it was asked for with")
    func keyDeleted() async throws {
        let world = try await World()
        let token = try await issue(world).value
        world.accounts.setKeys([], of: World.robot)
        _ = try await world.bearers.verify(token, for: "batch.googleapis.com")
    }
}

@Suite("The keys that are held for an account")
struct SystemKeyTests {
    private static let day: TimeInterval = 86_400

    @Test("are two, of which one signs, also after a restart and when many ask at once")
    func pair() async throws {
        let world = try await CredentialWorld()
        #expect(try await world.systemKeys.publicKeys(of: "1").isEmpty)
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 { group.addTask { try await world.systemKeys.signingKey(of: "1").id } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        let keys = try await world.systemKeys.publicKeys(of: "1").map(\.id)
        #expect(keys.count == 2 && keys.first == ids.first)
        let restarted = SystemKeys(store: world.store, now: { [clock = world.clock] in clock.now })
        #expect(try await restarted.publicKeys(of: "1").map(\.id) == keys)
        #expect(try await restarted.signingKey(of: "1").id == ids.first)
    }

    @Test("take turns of a week; what was signed before still counts for a day, and then the key is removed")
    func rotation() async throws {
        let world = try await CredentialWorld()
        let keys = world.systemKeys
        let first = try await keys.signingKey(of: "1").id
        let second = try #require(try await keys.publicKeys(of: "1").last).id
        world.clock.advance(7 * Self.day)
        #expect(try await keys.signingKey(of: "1").id == second)
        let three = try await keys.publicKeys(of: "1").map(\.id)
        #expect(three.count == 3 && Array(three.prefix(2)) == [first, second])
        world.clock.advance(Self.day)
        #expect(try await keys.publicKeys(of: "1").map(\.id) == Array(three.dropFirst()))
        world.clock.advance(1)
        try await keys.purge()
        #expect(try await !world.store.signingKeys(of: "1").map(\.id).contains(first))
        world.clock.advance(100 * Self.day)
        #expect(try await !three.contains(keys.signingKey(of: "1").id))
    }

    @Test("make a certificate of the key, which gives the key back")
    func certificate() async throws {
        let world = try await CredentialWorld()
        let key = world.key
        let read = try PublicKey(id: "x", certificate: key.publicKey.certificate, validity: key.publicKey.validity)
        let bytes = Data("text".utf8)
        #expect(read.isValid(try key.signature(for: bytes), for: bytes))
        #expect(!read.isValid(try key.signature(for: bytes), for: Data("texT".utf8)))
        #expect(read.pem == key.publicKey.pem)
        #expect(throws: KeyError.unreadable) {
            try PublicKey(id: "x", certificate: "nonsense", validity: key.publicKey.validity)
        }
    }
}
