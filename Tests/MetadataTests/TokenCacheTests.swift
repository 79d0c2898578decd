import Foundation
import Testing

@testable import Metadata

@Suite("The tokens of an attempt")
struct TokenCacheTests {
    private let clock = TestClock()
    private let source: FakeCredentials
    private let tokens: TokenCache

    init() {
        source = FakeCredentials(now: clock.now)
        tokens = TokenCache(source: source, now: clock.now)
    }

    @Test("are kept, for each set of scopes, until five minutes before their end")
    func kept() async throws {
        #expect(try await tokens.token(.access(scopes: [])).token == "access:#1")
        #expect(try await tokens.token(.access(scopes: [])).token == "access:#1")
        #expect(try await tokens.token(.access(scopes: ["a"])).token == "access:a#2")
        clock.advance(3600 - TokenCache.reserve - 1)
        #expect(tokens.fresh(.access(scopes: []))?.token == "access:#1")
        clock.advance(2)
        #expect(tokens.fresh(.access(scopes: [])) == nil)
        #expect(try await tokens.token(.access(scopes: [])).token == "access:#3")
    }

    @Test("go on being given out to their end while the server is away")
    func away() async throws {
        _ = try await tokens.token(.access(scopes: []))
        source.fail(.unavailable)
        clock.advance(3500)
        #expect(try await tokens.token(.access(scopes: [])).token == "access:#1")
        clock.advance(101)
        await #expect(throws: CredentialFailure.unavailable) { try await tokens.token(.access(scopes: [])) }
        source.fail(nil)
        #expect(try await tokens.token(.access(scopes: [])).token == "access:#2")
    }

    @Test("stop when the server refuses another")
    func refused() async throws {
        _ = try await tokens.token(.access(scopes: []))
        source.fail(.refused("The account is disabled."))
        clock.advance(3500)
        for _ in 0..<2 {
            await #expect(throws: CredentialFailure.refused("The account is disabled.")) {
                try await tokens.token(.access(scopes: []))
            }
        }
        source.fail(.unavailable)
        await #expect(throws: CredentialFailure.unavailable) { try await tokens.token(.access(scopes: [])) }
    }

    @Test("are asked for once by many who want the same")
    func together() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        source.wait(for: gate)
        let found = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask { try await tokens.token(.identity(IdentityTokenRequest(audience: "a"))).token }
            }
            opening.finish()
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(found == ["identity:a#1"])
        #expect(source.asked == ["identity:a"])
    }

    @Test("end with the attempt")
    func closed() async throws {
        _ = try await tokens.token(.access(scopes: []))
        tokens.close()
        #expect(tokens.fresh(.access(scopes: [])) == nil)
        await #expect(throws: CredentialFailure.gone("The attempt has ended.")) {
            try await tokens.token(.access(scopes: []))
        }
        #expect(source.asked.count == 1)
    }

    @Test("take a bounded room, however many audiences are asked for")
    func bounded() async throws {
        for number in 0..<1000 {
            _ = try await tokens.token(.identity(IdentityTokenRequest(audience: "\(number)")))
        }
        let kept = (0..<1000).filter { tokens.fresh(.identity(IdentityTokenRequest(audience: "\($0)"))) != nil }
        #expect((1...32).contains(kept.count))
    }
}
