import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import Testing

@Suite("Deleted service accounts")
struct DeletedAccountTests {
    /// Whether the account of an address may see jobs, by its grant on the project and by its group's.
    private func sees(_ account: WireAccount, _ fixture: Fixture) -> [Bool] {
        ["batch.jobs.list", "logging.logEntries.list"].map {
            fixture.directory.decide(.serviceAccount(account.email), $0, on: .project("demo")).isAllowed
        }
    }

    private func granted(_ fixture: Fixture) async throws -> WireAccount {
        let made = try await fixture.create()
        try await fixture.directory.change { draft in
            try draft.put(
                GroupRecord(
                    address: "robots@example.com", members: ["serviceAccount:\(made.email)", "user:bob@example.com"],
                    createdAt: Date()))
        }
        try await fixture.directory.grant("roles/batch.jobsViewer", to: "serviceAccount:\(made.email)")
        try await fixture.directory.grant("roles/logging.viewer", to: "group:robots@example.com")
        try await fixture.directory.grant(
            "roles/iam.serviceAccountUser", to: "user:bob@example.com",
            on: .serviceAccount(email: made.email, project: "demo"))
        #expect(sees(made, fixture) == [true, true])
        return made
    }

    @Test("leave a tombstone in policies, nothing in groups, and neither policy nor keys")
    func burial() async throws {
        let fixture = try await Fixture()
        let made = try await granted(fixture)
        let before = fixture.directory.state.policy(of: .project("demo"))
        try await fixture.delete(made)
        let state = fixture.directory.state
        let after = state.policy(of: .project("demo"))
        #expect(after.etag != before.etag)
        #expect(after.bindings.contains { $0.members == ["deleted:serviceAccount:\(made.email)?uid=\(made.uniqueID)"] })
        #expect(state.groups["robots@example.com"]?.members == ["user:bob@example.com"])
        #expect(state.policies.all.allSatisfy { $0.resource.kind != .serviceAccount })
        #expect(try await fixture.list().accounts.isEmpty)
        for account in [made.email, made.uniqueID] {
            let error = await refusal { _ = try await fixture.get("projects/demo/serviceAccounts/\(account)") }
            #expect(error?.code == .notFound)
        }
        #expect(await refusal { try await fixture.delete(made) }?.code == .notFound)
    }

    @Test("are the same after a restart, deleted and taken up again")
    func restarts() async throws {
        let fixture = try await Fixture()
        let made = try await granted(fixture)
        for isDeleted in [true, false] {
            if isDeleted { try await fixture.delete(made) } else { try await fixture.undelete(made) }
            let (before, after) = (fixture.directory.state, try Directory(fixture.records).state)
            #expect(after.policies.sorted == before.policies.sorted)
            #expect(after.groups.sorted == before.groups.sorted)
            #expect(after.serviceAccounts.sorted == before.serviceAccounts.sorted)
            #expect((after.serviceAccount(made.email) == nil) == isDeleted)
            let decision = after.access.decide(
                .serviceAccount(made.email), "batch.jobs.list", on: .project("demo"), in: .init(time: Date()))
            #expect(decision.isAllowed != isDeleted)
        }
    }

    @Test("come back with what policies granted them")
    func undeleted() async throws {
        let fixture = try await Fixture()
        let made = try await granted(fixture)
        try await fixture.delete(made)
        let stranger = await refusal { try await fixture.undelete(made, as: "eve@example.com") }
        #expect(stranger?.code == .permissionDenied)
        let back = try await fixture.undelete(made)
        #expect(back.uniqueID == made.uniqueID)
        #expect(sees(made, fixture) == [true, false])
        #expect(await refusal { try await fixture.undelete(made) }?.code == .failedPrecondition)
    }

    @Test("do not come back after thirty days, nor beside another of their address")
    func tooLate() async throws {
        let fixture = try await Fixture()
        let made = try await fixture.create()
        try await fixture.delete(made)
        #expect(await refusal { try await fixture.undelete(made, daysLater: 30.1) }?.code == .notFound)
        try await fixture.create()
        #expect(await refusal { try await fixture.undelete(made) }?.code == .failedPrecondition)
    }

    @Test("pass nothing on to a later account of their address")
    func recreated() async throws {
        let fixture = try await Fixture()
        let old = try await granted(fixture)
        try await fixture.delete(old)
        let new = try await fixture.create()
        #expect(new.email == old.email)
        #expect(new.uniqueID != old.uniqueID)
        #expect(sees(new, fixture) == [false, false])
        #expect(fixture.directory.state.policy(of: .serviceAccount(email: new.email, project: "demo")).bindings.isEmpty)
        // Who had the old one is not the new one.
        let former = Principal.serviceAccount(old.email, uniqueID: old.uniqueID)
        try await fixture.directory.grant("roles/viewer", to: "serviceAccount:\(new.email)")
        #expect(!fixture.directory.decide(former, "batch.jobs.list", on: .project("demo")).isAllowed)
    }

    @Test("of a project's own stay deleted when its services are enabled again")
    func defaultAccount() async throws {
        let fixture = try await Fixture()
        let enable = {
            try await fixture.directory.change { draft in
                guard let demo = draft.state.projects["demo"] else { return }
                try draft.enable(["compute.googleapis.com"], in: demo, at: Date())
            }
        }
        try await enable()
        let account = try #require(try await fixture.list().accounts.first)
        try await fixture.delete(account)
        try await enable()
        #expect(try await fixture.list().accounts.isEmpty)
        #expect(try await fixture.undelete(account, in: "demo").email == account.email)
    }
}
