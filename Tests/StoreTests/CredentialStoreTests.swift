import Access
import Foundation
import Testing

@testable import Store

@Suite("Credentials, kept in SQLite")
struct CredentialStoreTests {
    private let temporary = try? TemporaryStore()
    private let alice = Principal.user("alice@example.com")
    private let robot = Principal.serviceAccount("123456789012-compute@developer.gserviceaccount.com")

    private func store() throws -> any CredentialStore { try #require(temporary).store }

    @Test("gives a token back by its digest, until it is purged")
    func tokens() async throws {
        let store = try store()
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        let old = TokenRecord(digest: Data([1]), kind: .access, principal: alice, expiresAt: now - 1)
        let new = TokenRecord(
            digest: Data([2]), kind: .refresh, principal: robot, expiresAt: now + 1, uniqueID: "1", scope: "a b",
            delegation: [
                .federated(FederatedIdentity(pool: .workforce("staff"), subject: "a")),
                .serviceAccount("b@c.iam.gserviceaccount.com", uniqueID: "2"),
            ], client: "gcloud")
        for token in [old, new] { try await store.insertToken(token) }
        #expect(try await store.token(digest: Data([1])) == old)
        #expect(try await store.token(digest: Data([2])) == new)
        #expect(try await store.token(digest: Data([3])) == nil)
        await #expect(throws: StoreError.alreadyExists) { try await store.insertToken(old) }
        let other = TokenRecord(digest: Data([3]), kind: .access, principal: robot, expiresAt: now)
        await #expect(throws: StoreError.alreadyExists) { try await store.insertTokens([other, old]) }
        #expect(try await store.token(digest: Data([3])) == nil)

        try await store.deleteTokens(expiredBefore: now)
        #expect(try await store.token(digest: Data([1])) == nil)
        #expect(try await store.token(digest: Data([2])) == new)
    }

    @Test("gives a token of an identity of a pool back with its groups and attributes")
    func federatedTokens() async throws {
        let store = try store()
        let identity = FederatedIdentity(
            pool: .workload("ci", project: "123456789012"), subject: "repo:a/b\n\u{e9}\"", groups: ["x", ""],
            attributes: ["branch": "main"])
        let token = TokenRecord(
            digest: Data([1]), kind: .access, principal: .federated(identity), expiresAt: .distantFuture, scope: "a")
        try await store.insertToken(token)
        #expect(try await store.token(digest: Data([1])) == token)
    }

    @Test("gives an owner's signing keys back in the order in which they sign, until they are purged")
    func signingKeys() async throws {
        let store = try store()
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        let keys = [0, 1].map { number in
            SigningKeyRecord(
                id: "\(number)", owner: "1", privateKey: Data([7]), certificate: "pem",
                signsFrom: now + TimeInterval(number), expiresAt: now + TimeInterval(number * 10))
        }
        try await store.insertSigningKeys(keys.reversed())
        #expect(try await store.signingKeys(of: "1") == keys)
        #expect(try await store.signingKeys(of: "2") == [])
        await #expect(throws: StoreError.alreadyExists) { try await store.insertSigningKeys([keys[0]]) }
        try await store.deleteSigningKeys(expiredBefore: now + 1)
        #expect(try await store.signingKeys(of: "1") == [keys[1]])
    }
}
