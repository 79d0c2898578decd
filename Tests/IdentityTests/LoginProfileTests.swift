import Directory
import Foundation
import Testing

@testable import Identity

@Suite("A login profile")
struct LoginProfileTests {
    private let now = Date(timeIntervalSince1970: 1_000)
    /// One second after `now`, in microseconds.
    private let soon: Int64 = 1_001_000_000

    private func key(_ comment: String) throws -> SSHPublicKey {
        try SSHPublicKey(SSHPublicKeyTests.ed25519 + " " + comment)
    }

    @Test("keeps keys in the order of their coming, each once")
    func keys() throws {
        var profile = LoginProfileRecord(owner: "user:alice@example.com")
        let areNew = try [("a", nil), ("b", nil), ("a", soon)].map { comment, end in
            try profile.put(key(comment), expiresAt: end, at: now).isNew
        }
        #expect(areNew == [true, true, false])
        #expect(try profile.keys(at: now).map(\.text) == [key("a").text, key("b").text])
        #expect(profile.keys(at: now).map(\.expiresAt) == [soon, nil])
    }

    @Test("forgets keys that have ended, and takes none that has")
    func ended() throws {
        var profile = LoginProfileRecord(owner: "user:alice@example.com")
        let later = now.addingTimeInterval(1)
        let first = try profile.put(key("a"), expiresAt: soon, at: now).key
        #expect(profile.keys(at: now.addingTimeInterval(0.999)).count == 1)
        #expect(profile.keys(at: later).isEmpty)
        let wasThere = profile.removeKey(first.fingerprint, at: later)
        #expect(!wasThere)
        #expect(throws: LoginProfileError.ended) { try profile.put(key("b"), expiresAt: soon, at: later) }
        let isNew = try profile.put(key("a"), expiresAt: nil, at: later).isNew
        #expect(isNew)
    }

    @Test("holds 32 KiB of keys; what has ended does not count")
    func size() throws {
        var profile = LoginProfileRecord(owner: "user:alice@example.com")
        let long = try key(String(repeating: "x", count: 16_000))
        try profile.put(long, expiresAt: soon, at: now)
        try profile.put(key(String(repeating: "y", count: 16_000)), expiresAt: nil, at: now)
        let before = profile
        let third = try key(String(repeating: "z", count: 16_000))
        #expect(throws: LoginProfileError.tooLarge) { try profile.put(third, expiresAt: nil, at: now) }
        #expect(profile == before)
        try profile.put(third, expiresAt: nil, at: now.addingTimeInterval(2))
    }

    @Test("lets go of a key by its fingerprint")
    func remove() throws {
        var profile = LoginProfileRecord(owner: "user:alice@example.com")
        let first = try profile.put(key("a"), expiresAt: nil, at: now).key
        try profile.put(key("b"), expiresAt: nil, at: now)
        let wasThere = [profile.removeKey(first.fingerprint, at: now), profile.removeKey(first.fingerprint, at: now)]
        #expect(wasThere == [true, false])
        #expect(try profile.keys(at: now).map(\.text) == [key("b").text])
    }

    @Test("has the account in each project once; the first that is left is the primary one")
    func accounts() {
        var profile = LoginProfileRecord(owner: "user:alice@example.com")
        for project in ["demo", "other", "demo"] { profile.addAccount(inProject: project) }
        #expect(profile.projects == ["demo", "other"])
        let wasThere = [profile.removeAccount(inProject: "demo"), profile.removeAccount(inProject: "demo")]
        #expect(wasThere == [true, false])
        profile.addAccount(inProject: "demo")
        #expect(profile.projects == ["other", "demo"])
    }

    @Test("is the same after it was kept as JSON")
    func json() throws {
        var profile = LoginProfileRecord(owner: "user:alice@example.com")
        try profile.put(key("a"), expiresAt: soon, at: now)
        profile.addAccount(inProject: "demo")
        #expect(try JSONDecoder().decode(LoginProfileRecord.self, from: JSONEncoder().encode(profile)) == profile)
    }
}
