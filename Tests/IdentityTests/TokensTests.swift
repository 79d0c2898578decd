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
