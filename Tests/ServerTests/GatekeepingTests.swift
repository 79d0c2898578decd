import Access
import Directory
import DirectorySupport
import Foundation
import Identity
import Methods
import Schema
import Store
import Testing

@testable import Server

@Suite("The gatekeeper")
final class GatekeepingTests {
    private let path: String
    private let store: SQLiteStore
    private let directory: Directory
    private let batch = "batch.googleapis.com"
    private let alice = Principal.user("alice@example.com")
    private let now = RequestContext(time: Date())

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        store = try SQLiteStore(path: "\(path)/state.sqlite")
        directory = try Directory(store)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private func gatekeeping(lifetime: TimeInterval = 3600) -> (Gatekeeping, Tokens) {
        let tokens = Tokens(store: store, accessLifetime: lifetime)
        let accounts = DirectoryAccounts(directory: directory)
        let selfSigned = SelfSignedTokens(
            accounts: accounts, systemKeys: SystemKeys(store: store), universe: "landfall.test")
        let bearers = BearerTokens(tokens: tokens, selfSigned: selfSigned, accounts: accounts)
        return (Gatekeeping(bearers: bearers, directory: directory), tokens)
    }

    private func reason(_ error: ServiceError?) -> String? {
        error?.details.lazy.compactMap { $0 as? Google_Rpc_ErrorInfo }.first?.reason
    }

    @Test("lets the bearer of a good token in")
    func bearer() async throws {
        let (gatekeeping, tokens) = gatekeeping()
        let token = try await tokens.issueAccess(for: alice)
        for header in ["Bearer \(token.value)", "bearer \(token.value)"] {
            let caller = try await gatekeeping.authenticate(authorization: header, service: batch)
            #expect(caller == Caller(principal: alice, expiresAt: token.expiresAt))
        }
    }

    @Test("tells the bearer of a token that has ended that it was good once")
    func expired() async throws {
        let (gatekeeping, tokens) = gatekeeping(lifetime: 0)
        let token = try await tokens.issueAccess(for: alice)
        let error = await #expect(throws: ServiceError.self) {
            try await gatekeeping.authenticate(authorization: "Bearer \(token.value)", service: batch)
        }
        #expect(error?.code == .unauthenticated)
        #expect(error?.message.hasPrefix("Request had invalid authentication credentials.") == true)
        #expect(reason(error) == "ACCESS_TOKEN_EXPIRED")
    }

    @Test(
        "refuses everybody else with the reason",
        arguments: [
            (nil, "CREDENTIALS_MISSING"), ("", "CREDENTIALS_MISSING"), ("Bearer", "CREDENTIALS_MISSING"),
            ("Bearer ", "CREDENTIALS_MISSING"), ("Bearer garbage", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
            ("Basic YWxpY2U6", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
            ("Bearer eyJhbGciOiJub25lIn0.e30.", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
        ])
    func refused(header: String?, reason: String) async throws {
        let (gatekeeping, _) = gatekeeping()
        let error = await #expect(throws: ServiceError.self) {
            try await gatekeeping.authenticate(authorization: header, service: batch)
        }
        #expect(error?.code == .unauthenticated)
        #expect(self.reason(error) == reason)
    }

    @Test("decides by the policies, and at once by a policy that was just written")
    func decides() async throws {
        let (gatekeeping, _) = gatekeeping()
        _ = try await Installation.open(owner: "alice@example.com", project: "demo", in: directory)
        let job = Resource.other(
            service: "batch.googleapis.com", path: "projects/demo/locations/us-central1", project: "demo")
        #expect(directory.decide(alice, "batch.jobs.create", on: job).isAllowed)
        let bob = Principal.user("bob@example.com")
        #expect(!gatekeeping.decide(bob, "batch.jobs.create", on: job, in: now).isAllowed)
        _ = try await directory.setBindings(
            [Binding(role: "roles/batch.jobsEditor", members: ["user:bob@example.com"])], of: .project("demo"))
        #expect(gatekeeping.decide(bob, "batch.jobs.create", on: job, in: now).isAllowed)
        #expect(!gatekeeping.decide(alice, "batch.jobs.create", on: job, in: now).isAllowed)
    }

    @Test("refuses a disabled service in the words by which gcloud offers to enable it")
    func disabled() async throws {
        let (gatekeeping, _) = gatekeeping()
        let project = try await Installation.open(owner: "alice@example.com", project: "demo", in: directory).project
        try gatekeeping.requireEnabled(service: "batch.googleapis.com", project: "demo")
        try await directory.change { try $0.disable(["batch.googleapis.com"], inProject: "demo") }
        for id in ["demo", project.number] {
            let error = #expect(throws: ServiceError.self) {
                try gatekeeping.requireEnabled(service: "batch.googleapis.com", project: id)
            }
            #expect(error?.code == .permissionDenied)
            #expect(
                error?.message
                    == "Batch API has not been used in project demo before or it is disabled. Enable it by visiting "
                    + "https://console.developers.google.com/apis/api/batch.googleapis.com/overview?project=demo then "
                    + "retry. If you enabled this API recently, wait a few minutes for the action to propagate to our "
                    + "systems and retry.")
            let info = error?.details.lazy.compactMap { $0 as? Google_Rpc_ErrorInfo }.first
            #expect(info?.reason == "SERVICE_DISABLED")
            #expect(info?.metadata["service"] == "batch.googleapis.com")
            #expect(info?.metadata["consumer"] == "projects/\(project.number)")
            #expect(error?.details.contains { $0 is Google_Rpc_Help } == true)
        }
        try gatekeeping.requireEnabled(service: "batch.googleapis.com", project: "nothing")
    }

    @Test("keeps the service account of a project out that is marked for deletion")
    func deletedAccount() async throws {
        let (gatekeeping, tokens) = gatekeeping()
        let project = try await Installation.open(owner: "alice@example.com", project: "demo", in: directory).project
        let token = try await tokens.issueAccess(for: .serviceAccount(project.defaultServiceAccount))
        let header = "Bearer \(token.value)"
        _ = try await gatekeeping.authenticate(authorization: header, service: batch)
        try await directory.setDeleted(true)
        let error = await #expect(throws: ServiceError.self) {
            try await gatekeeping.authenticate(authorization: header, service: batch)
        }
        #expect(error?.code == .unauthenticated)
        #expect(reason(error) == "ACCOUNT_STATE_INVALID")
        try await directory.setDeleted(false)
        _ = try await gatekeeping.authenticate(authorization: header, service: batch)
    }

    @Test("does not ask to enable a service in a project that is marked for deletion")
    func deletedProject() async throws {
        let (gatekeeping, _) = gatekeeping()
        _ = try await Installation.open(owner: "alice@example.com", project: "demo", in: directory)
        try await directory.change { try $0.disable(["batch.googleapis.com"], inProject: "demo") }
        try await directory.setDeleted(true)
        try gatekeeping.requireEnabled(service: "batch.googleapis.com", project: "demo")
        guard case .denied(let denial) = gatekeeping.decide(alice, "batch.jobs.list", on: .project("demo"), in: now)
        else {
            Issue.record("nothing is allowed in a deleted project")
            return
        }
        #expect(denial.cause != .notGranted)
    }

    @Test("knows projects by id and by number")
    func projects() async throws {
        let (gatekeeping, _) = gatekeeping()
        let project = try await Installation.open(owner: "alice@example.com", project: "demo", in: directory).project
        #expect(gatekeeping.projectID("demo") == "demo")
        #expect(gatekeeping.projectID(project.number) == "demo")
        #expect(gatekeeping.projectID("nothing") == nil)
    }
}
