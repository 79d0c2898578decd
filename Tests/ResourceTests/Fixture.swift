import Access
import Control
import DenyPolicies
import Directory
import DirectorySupport
import Foundation
import Identity
import Methods
import OrgPolicy
import PolicyTroubleshooter
import ResourceManager
import ServiceUsage
import Store
import SwiftProtobuf
import Synchronization

/// An installation of alice@example.com's in a directory of its own, whose methods are called as the gateway does.
final class Fixture: Sendable {
    let directory: Directory
    let sqlite: SQLiteStore
    let apis: [API]
    let stopped = Stopped()
    private let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        sqlite = try SQLiteStore(path: "\(path)/state.sqlite")
        directory = try Directory(sqlite)
        apis = [
            ResourceManagerAPI.api(directory: directory, shutDown: { [stopped] in stopped.add($0) }),
            ServiceUsageAPI.api(directory: directory), OrgPolicyAPI.api(directory: directory),
            PolicyTroubleshooterAPI.api(directory: directory),
            API(
                service: "iam.googleapis.com", title: "IAM", mustBeEnabled: false,
                methods: DenyPoliciesAPI.methods(directory: directory)),
            ControlAPI.api(
                directory: directory, accounts: Accounts(directory: directory),
                serviceAccounts: DirectoryAccounts(directory: directory),
                ownership: Ownership(project: "demo", directory: directory), tokens: Tokens(store: sqlite),
                signIns: SignIns(),
                status: { .init() }, connect: { _, _ in }),
        ]
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// An installation in which alice has these roles on the organization.
    static func installed(granting roles: String...) async throws -> Fixture {
        let fixture = try Fixture()
        let project = try await fixture.install().project
        for role in roles {
            try await fixture.directory.grant(role, to: "user:alice@example.com", on: project.parent)
        }
        return fixture
    }

    func install(_ project: String = "demo") async throws -> Installation {
        try await Installation.open(owner: "alice@example.com", project: project, in: directory)
    }

    /// Lets somebody do something in the project `demo`, besides what others may do there.
    func grant(_ role: String, to member: String) async throws {
        try await directory.grant(role, to: member)
    }

    /// Calls a method by the end of its full name, after the check that its row asks for.
    ///
    /// - Parameters:
    ///   - host: which API is meant, where several have the method.
    ///   - record: keeps the checks of access.
    func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ request: Request, as email: String = "alice@example.com",
        at host: String? = nil, record: CallRecord? = nil, giving: Response.Type = Response.self
    ) async throws -> Response {
        let found = apis.lazy.filter { host == nil || $0.service == host }
            .flatMap { api in api.methods.map { (api, $0) } }
            .first { ".\($0.1.name)".hasSuffix(".\(name)") && $0.1 is UnaryMethod<Request, Response> }
        guard let (api, any) = found, let method = any as? UnaryMethod<Request, Response> else {
            throw ServiceError(.unimplemented, "there is no method \(name) of these types")
        }
        let principal = Principal.user(email)
        let call = Call(
            caller: Caller(principal: principal, expiresAt: .distantFuture), method: method.name, host: api.service,
            time: Date(), gatekeeper: DirectoryGatekeeper(directory: directory), record: record)
        if case .permission(let permission, let resource) = method.access {
            try await call.require(permission, on: resource(request), orThrow: api.denied)
        }
        return try await method.handler(request, call)
    }
}

/// The projects whose jobs were to be ended.
final class Stopped: Sendable {
    private let list = Mutex<[String]>([])

    var projects: [String] { list.withLock { $0 } }

    func add(_ project: String) { list.withLock { $0.append(project) } }
}
