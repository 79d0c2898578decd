import Foundation
import Methods
import Testing

@Suite("SSH keys of OS Login")
struct KeyMethodTests {
    private let calls: OSLoginCalls
    private let soon: Int64 = 1_001_000_000

    init() async throws { calls = try await OSLoginCalls() }

    @Test("are created, read, changed and deleted by their fingerprint")
    func life() async throws {
        let key = try await calls.create(OSLoginCalls.line("a"))
        #expect(key.name == "users/alice@example.com/sshPublicKeys/\(key.fingerprint)")
        #expect(key.fingerprint.count == 64)
        #expect(key.key == OSLoginCalls.line("a"))
        #expect(key.expirationTimeUsec == 0)
        #expect(try await calls.get(key.name) == key)

        let changed = try await calls.update(key.name, end: soon)
        #expect(changed.expirationTimeUsec == soon)
        #expect(changed.key == key.key)
        #expect(try await calls.get(key.name) == changed)
        #expect(try await calls.update(key.name, end: 0, mask: []).expirationTimeUsec == 0)

        try await calls.delete(key.name)
        let again: [() async throws -> Void] = [
            { _ = try await calls.get(key.name) }, { try await calls.delete(key.name) },
        ]
        for method in again {
            let error = await #expect(throws: ServiceError.self) { try await method() }
            #expect(error?.code == .notFound)
        }
    }

    @Test("are imported again with another end, but not created again")
    func twice() async throws {
        let key = try await calls.create(OSLoginCalls.line("a"))
        let error = await #expect(throws: ServiceError.self) { try await calls.create(OSLoginCalls.line("a")) }
        #expect(error?.code == .alreadyExists)
        let profile = try await calls.importKey(OSLoginCalls.line("a"), end: soon)
        #expect(profile.sshPublicKeys.mapValues(\.expirationTimeUsec) == [key.fingerprint: soon])
    }

    @Test("are gone when they have ended")
    func ended() async throws {
        let key = try await calls.create(OSLoginCalls.line("a"), end: soon)
        let later = calls.later(1)
        #expect(try await later.profile().sshPublicKeys.isEmpty)
        let error = await #expect(throws: ServiceError.self) { try await later.update(key.name, end: 0) }
        #expect(error?.code == .notFound)
    }

    @Test("that cannot be are refused, and nothing is kept")
    func wrong() async throws {
        let tries: [(String, Int64, String)] = [
            ("ssh-rsa nothing", 0, "ssh_public_key.key"), ("", 999, "ssh_public_key.key"),
            (OSLoginCalls.line("a"), 999_999_999, "ssh_public_key.expiration_time_usec"),
            (OSLoginCalls.line("a"), -1, "ssh_public_key.expiration_time_usec"),
        ]
        for (text, end, field) in tries {
            let methods: [() async throws -> Void] = [
                { _ = try await calls.create(text, end: end) }, { _ = try await calls.importKey(text, end: end) },
            ]
            for method in methods {
                let error = await #expect(throws: ServiceError.self) { try await method() }
                #expect(error?.code == .invalidArgument)
                #expect(error?.fields == [field])
            }
        }
        #expect(calls.directory.state.loginProfiles.count == 0)
    }

    @Test("fill a profile up to 32 KiB")
    func full() async throws {
        for letter in ["x", "y"] {
            _ = try await calls.importKey(OSLoginCalls.line(String(repeating: letter, count: 16_000)))
        }
        let third = OSLoginCalls.line(String(repeating: "z", count: 16_000))
        let error = await #expect(throws: ServiceError.self) { try await calls.importKey(third) }
        #expect(error?.code == .invalidArgument)
        #expect(
            error?.message == "Login profile size exceeds 32 KiB. Delete profile values to make additional space.")
    }

    @Test("cannot become another key")
    func mask() async throws {
        let key = try await calls.create(OSLoginCalls.line("a"))
        let error = await #expect(throws: ServiceError.self) {
            try await calls.update(key.name, end: 0, mask: ["key"])
        }
        #expect(error?.fields == ["update_mask"])
    }
}
