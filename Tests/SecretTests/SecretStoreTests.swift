import Foundation
import Testing

@testable import Secrets

@Suite("The values of secrets")
struct SecretStoreTests {
    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func open(_ path: String) throws -> SecretStore {
        try SecretStore(path: "\(path)/secrets.db", keyPath: "\(path)/secrets.key")
    }

    @Test("are nowhere on disk in the clear, and files are their owner's alone")
    func sealed() async throws {
        try await withDirectory { path in
            let value = Data("correct horse battery staple".utf8)
            let store = try open(path)
            _ = try await store.add(value, to: "s", hadChecksum: false)
            for file in try FileManager.default.contentsOfDirectory(atPath: path) {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(file)")
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
                #expect(try Data(contentsOf: URL(filePath: "\(path)/\(file)")).range(of: value) == nil, "\(file)")
            }
            #expect(try await store.value(of: 1, of: "s") == value)
            #expect(try await open(path).value(of: 1, of: "s") == value)
        }
    }

    @Test("cannot be opened with another key, and a missing key is not made anew for them")
    func keys() async throws {
        try await withDirectory { path in
            _ = try await open(path).add(Data("value".utf8), to: "s", hadChecksum: false)
            let key = URL(filePath: "\(path)/secrets.key")
            try Data(repeating: 7, count: 32).write(to: key)
            await #expect(throws: SecretStoreError.wrongKey) { try await open(path).value(of: 1, of: "s") }
            for bytes in [Data(), Data(repeating: 7, count: 31)] {
                try bytes.write(to: key)
                #expect(throws: SecretStoreError.wrongKey) { try open(path) }
            }
            try FileManager.default.removeItem(at: key)
            #expect(throws: SecretStoreError.wrongKey) { try open(path) }
            #expect(!FileManager.default.fileExists(atPath: key.path))
        }
    }

    @Test("are not opened as those of another version or secret")
    func places() async throws {
        try await withDirectory { path in
            let key = try SealingKey(path: "\(path)/secrets.key", mayMake: true)
            let sealed = try key.seal(Data("value".utf8), for: "s/1")
            #expect(try key.open(sealed, for: "s/1") == Data("value".utf8))
            for place in ["s/2", "t/1", ""] {
                #expect(throws: SecretStoreError.wrongKey) { try key.open(sealed, for: place) }
            }
            #expect(throws: SecretStoreError.wrongKey) { try key.open(sealed.dropLast(), for: "s/1") }
        }
    }

    @Test("go with their secret, and what is left of others is swept away")
    func removal() async throws {
        try await withDirectory { path in
            let store = try open(path)
            for secret in ["a", "b"] { _ = try await store.add(Data("x".utf8), to: secret, hadChecksum: false) }
            try await store.remove("a")
            await #expect(throws: SecretStoreError.noVersion) { try await store.version(nil, of: "a") }
            try await store.sweep(keeping: ["a"])
            #expect(try await store.count(of: "b") == 0)
        }
    }
}
