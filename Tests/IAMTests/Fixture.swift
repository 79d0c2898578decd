import Access
import Directory
import DirectorySupport
import Foundation
import IAM
import Identity
import Methods
import Schema
import Store
import SwiftProtobuf
import Testing

/// A directory with the projects `demo`, which alice owns, and `other`, which carol owns, and the API over it, whose
/// methods are called as the gateway does.
final class Fixture: Sendable {
    let directory: Directory
    /// What a server would find after a restart.
    let records = MemoryRecords()
    let api: API
    let systemKeys: SystemKeys
    private let path: String

    init() async throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        systemKeys = SystemKeys(store: try SQLiteStore(path: "\(path)/state.sqlite"))
        directory = try await Directory.ofExample(records)
        for (id, number, owner) in [("demo", "111111111111", "alice"), ("other", "222222222222", "carol")] {
            let project = try await directory.addProject(id, number: number)
            try await directory.setBindings(
                [Binding(role: "roles/owner", members: ["user:\(owner)@example.com"])], of: project.resource)
        }
        api = IAMAPI.api(
            directory: directory, systemKeys: systemKeys, universe: "landfall.test",
            auditableServices: ["batch.googleapis.com"])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Calls a method by its full name, or by its name in the service of IAM, after the check that its row asks for.
    func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ request: Request, as email: String = "alice@example.com", at time: Date = Date(),
        host: String = IAMAPI.service, giving: Response.Type = Response.self
    ) async throws -> Response {
        let any = api.methods.first { [name, "google.iam.admin.v1.IAM.\(name)"].contains($0.name) }
        let method = try #require(any as? UnaryMethod<Request, Response>, "there is no method \(name) of these types")
        let gatekeeper = DirectoryGatekeeper(directory: directory)
        let principal = Principal.user(email)
        let call = Call(
            caller: Caller(principal: principal, expiresAt: .distantFuture), method: method.name, host: host,
            time: time, gatekeeper: gatekeeper)
        if case .permission(let permission, let resource) = method.access {
            try await gatekeeper.admit(
                principal, permission, on: resource(request), service: api.service,
                in: RequestContext(time: time), record: nil, orThrow: api.denied)
        }
        return try await method.handler(request, call)
    }
}

/// The refusal of a call that must be refused.
func refusal(_ body: () async throws -> Void) async -> ServiceError? {
    await #expect(throws: ServiceError.self) { try await body() }
}
