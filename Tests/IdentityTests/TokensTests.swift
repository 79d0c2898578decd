import Access
import Foundation
import Store
import Synchronization
import Testing

@testable import Identity

/// A clock that tests move.
private final class Clock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))
    var now: Date { time.withLock { $0 } }
    func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

@Suite("Tokens")
struct TokensTests {
    private let temporary = try? TemporaryStore()
    private let clock = Clock()
    private let alice = Principal.user("alice@example.com")

    private func tokens() throws -> Tokens {
        let store = try #require(temporary).store
        return Tokens(store: store, now: { [clock] in clock.now })
    }

    @Test("stand for their principal until they end, also after a restart")
    func lifetime() async throws {
        let tokens = try tokens()
        let token = try await tokens.issueAccess(for: alice)
        #expect(token.expiresAt == clock.now + 3600)
        #expect(try await tokens.verify(token.value).principal == alice)
        #expect(try await self.tokens().verify(token.value).expiresAt == token.expiresAt)
        clock.advance(3599)
        #expect(try await tokens.verify(token.value).principal == alice)
        clock.advance(1)
        for restarted in [tokens, try self.tokens()] {
            await #expect(throws: TokenError.expired) { try await restarted.verify(token.value) }
        }
    }

    @Test("are never alike and carry 256 bits")
    func random() async throws {
        let tokens = try tokens()
        let one = try await tokens.issueAccess(for: alice).value
        let two = try await tokens.issueAccess(for: alice).value
        #expect(one != two)
        #expect(one.dropFirst(Tokens.accessPrefix.count).count == 43)
    }

    @Test(
        "that were not issued here are unknown",
        arguments: ["", "garbage", "ya29.landfall-", "ya29.landfall-AAAA", "ya29.a0AfH6", "ya29.landfall-\u{0}"])
    func garbage(token: String) async throws {
        await #expect(throws: TokenError.unknown) { try await tokens().verify(token) }
        await #expect(throws: TokenError.unknown) { try await tokens().refresh(token) }
    }

    @Test("that differ from a good one in one character, or are longer, are unknown")
    func nearly() async throws {
        let tokens = try tokens()
        let good = try await tokens.issueAccess(for: alice).value
        let last: Character = good.hasSuffix("A") ? "B" : "A"
        for bad in [
            String(good.dropLast()) + [last], good + "A", good.uppercased(),
            good + String(repeating: "A", count: 1 << 16),
        ] {
            await #expect(throws: TokenError.unknown) { try await tokens.verify(bad) }
        }
    }

    @Test("to refresh with give access tokens, and are no access tokens themselves")
    func refresh() async throws {
        let tokens = try tokens()
        let refresh = try await tokens.issueRefresh(for: alice)
        await #expect(throws: TokenError.unknown) { try await tokens.verify(refresh) }
        clock.advance(30 * 24 * 3600)
        let access = try await tokens.refresh(refresh)
        #expect(access.principal == alice)
        #expect(try await tokens.verify(access.value).principal == alice)
        await #expect(throws: TokenError.unknown) { try await tokens.refresh(access.value) }
        clock.advance(60 * 24 * 3600)
        await #expect(throws: TokenError.expired) { try await tokens.refresh(refresh) }
    }

    @Test("that are revoked are unknown at once, also where they were known, and with them the rest of their login")
    func revocation() async throws {
        let tokens = try tokens()
        for isRefresh in [true, false] {
            let refresh = try await tokens.issueRefresh(for: alice, scope: "a b")
            let access = try await [tokens.refresh(refresh).value, tokens.refresh(refresh).value]
            let other = try await tokens.refresh(tokens.issueRefresh(for: alice)).value
            #expect(try await tokens.verify(access[0]).scope == "a b")
            try await tokens.revoke(isRefresh ? refresh : access[1])
            for token in access {
                await #expect(throws: TokenError.unknown) { try await tokens.verify(token) }
                await #expect(throws: TokenError.unknown) { try await self.tokens().verify(token) }
            }
            await #expect(throws: TokenError.unknown) { try await tokens.refresh(refresh) }
            await #expect(throws: TokenError.unknown) { try await tokens.revoke(refresh) }
            #expect(try await tokens.verify(other).principal == alice)
        }
    }

    @Test("that are written a moment later are revoked for good, and alone when they belong to no login")
    func lateRevocation() async throws {
        let tokens = try tokens()
        let robot = ServiceAccountIdentity(uniqueID: "1", email: "r@demo.iam.gserviceaccount.com", project: "demo")
        let one = try await tokens.issueAccess(for: robot, scope: "a").value
        let two = try await tokens.issueAccess(for: robot, scope: "a").value
        try await tokens.revoke(one)
        await tokens.settle()
        for tokens in [tokens, try self.tokens()] {
            await #expect(throws: TokenError.unknown) { try await tokens.verify(one) }
            #expect(try await tokens.verify(two).uniqueID == "1")
        }
    }

    @Test("of all logins of an account end together, and nobody else's")
    func endLogins() async throws {
        let tokens = try tokens()
        let mine = try await [tokens.issueRefresh(for: alice), tokens.issueRefresh(for: alice)]
        let access = try await tokens.refresh(mine[0]).value
        let bobs = try await tokens.issueRefresh(for: .user("bob@example.com"))
        #expect(try await tokens.endLogins(of: alice) == 2)
        #expect(try await tokens.endLogins(of: alice) == 0)
        await #expect(throws: TokenError.unknown) { try await tokens.verify(access) }
        for refresh in mine { await #expect(throws: TokenError.unknown) { try await tokens.refresh(refresh) } }
        _ = try await tokens.refresh(bobs)
    }

    @Test("to refresh with are a hundred of an account at most: the oldest gives way")
    func manyLogins() async throws {
        let tokens = try tokens()
        let first = try await tokens.issueRefresh(for: alice)
        clock.advance(1)
        let second = try await tokens.issueRefresh(for: alice)
        clock.advance(1)
        let bobs = try await tokens.issueRefresh(for: .user("bob@example.com"))
        for _ in 0..<99 { _ = try await tokens.issueRefresh(for: alice) }
        await #expect(throws: TokenError.unknown) { try await tokens.refresh(first) }
        for refresh in [second, bobs] { _ = try await tokens.refresh(refresh) }
    }

    @Test("that are revoked while they are asked for and renewed never come back")
    func revocationRace() async throws {
        let tokens = try tokens()
        for _ in 0..<20 {
            let refresh = try await tokens.issueRefresh(for: alice)
            let access = try await tokens.refresh(refresh).value
            // Others know the token by its row alone.
            let reader = try self.tokens()
            let renewed = await withTaskGroup(of: String?.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        if number % 2 == 0 { return try? await reader.refresh(refresh).value }
                        _ = try? await reader.verify(access)
                        return nil
                    }
                }
                group.addTask {
                    try? await reader.revoke(refresh)
                    return nil
                }
                return await group.reduce(into: [String]()) { all, token in if let token { all.append(token) } }
            }
            for token in renewed + [access] {
                await #expect(throws: TokenError.unknown) { try await reader.verify(token) }
            }
        }
    }

    @Test("that ended are called expired for a day, then purged")
    func purge() async throws {
        let tokens = try tokens()
        let token = try await tokens.issueAccess(for: alice).value
        clock.advance(3600 + 24 * 3600)
        try await tokens.purge()
        await #expect(throws: TokenError.expired) { try await tokens.verify(token) }
        clock.advance(1)
        try await tokens.purge()
        await #expect(throws: TokenError.unknown) { try await tokens.verify(token) }
    }
}
