import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import SwiftProtobuf

@testable import SecretManager
@testable import Secrets

/// Secrets of alice's project `demo`, whose API is called as the gateway does.
final class SecretWorld: Sendable {
    let directory: Directory
    let secrets: StoredSecrets
    let api: API
    let heard = HeardCalls()
    let path: String

    init() async throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        directory = try await Directory.ofExample()
        for (id, number, owner) in [("demo", "111111111111", "alice"), ("other", "222222222222", "carol")] {
            let project = try await directory.addProject(id, number: number)
            try await directory.setBindings(
                [Binding(role: "roles/secretmanager.admin", members: ["user:\(owner)@example.com"])],
                of: project.resource)
        }
        let store = try SecretStore(path: "\(path)/secrets.db", keyPath: "\(path)/secrets.key")
        secrets = StoredSecrets(directory: directory, store: store)
        api = SecretManagerAPI.api(secrets)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Calls a method by its last name, after the check that its row asks for.
    func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ request: Request, as email: String = "alice@example.com", at time: Date = Date(),
        giving: Response.Type = Response.self
    ) async throws -> Response {
        try await api.call(
            name, request, as: email, at: time, gatekeeper: DirectoryGatekeeper(directory: directory))
    }
}
