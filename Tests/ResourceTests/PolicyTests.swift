import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing

private typealias WirePolicy = Google_Iam_V1_Policy

@Suite("Policies of Resource Manager")
struct PolicyTests {
    private let fixture = try? Fixture()

    private func installed() async throws -> (Fixture, ProjectRecord) {
        let fixture = try #require(fixture)
        let project = try await fixture.install().project
        // Without the grants that come with services.
        try await fixture.directory.setBindings(
            [Binding(role: "roles/owner", members: ["user:alice@example.com"])], of: project.resource)
        return (fixture, project)
    }

    private func get(_ fixture: Fixture, _ resource: String = "demo", version: Int32 = 3) async throws -> WirePolicy {
        try await fixture.call(
            "v1.Projects.GetIamPolicy",
            Google_Iam_V1_GetIamPolicyRequest.with {
                $0.resource = resource
                $0.options.requestedPolicyVersion = version
            })
    }

    @discardableResult
    private func set(
        _ fixture: Fixture, _ policy: WirePolicy, mask: [String] = [], on resource: String = "demo",
        as email: String = "alice@example.com"
    ) async throws -> WirePolicy {
        try await fixture.call(
            resource.contains("/") ? "v3.Projects.SetIamPolicy" : "v1.Projects.SetIamPolicy",
            Google_Iam_V1_SetIamPolicyRequest.with {
                $0.resource = resource
                $0.policy = policy
                $0.updateMask.paths = mask
            }, as: email)
    }

    private func binding(_ role: String, _ members: String...) -> Google_Iam_V1_Binding {
        .with {
            $0.role = role
            $0.members = members
        }
    }

    @Test("are read, changed and written back as gcloud does, by id and by number")
    func readModifyWrite() async throws {
        let (fixture, record) = try await installed()
        for (resource, member) in [("demo", "user:Bob@Example.com"), (record.number, "user:carol@example.com")] {
            var policy = try await get(fixture, resource)
            #expect(policy.version == 1)
            policy.version = 3
            policy.bindings.append(binding("roles/batch.jobsEditor", member, member))
            let written = try await set(fixture, policy, mask: ["bindings", "etag", "version"], on: resource)
            #expect(written.etag != policy.etag)
            #expect(try await get(fixture) == written)
            #expect(written.bindings.last?.members.last == member.lowercased())
        }
        let roles = try await get(fixture).bindings.map(\.role)
        #expect(roles == ["roles/owner", "roles/batch.jobsEditor"])
        let decision = fixture.directory.decide(
            .user("bob@example.com"), "batch.jobs.create", on: .project("demo"))
        #expect(decision.isAllowed)
    }

    @Test("are refused with a stale etag, and written over without one")
    func etags() async throws {
        let (fixture, _) = try await installed()
        let old = try await get(fixture)
        try await set(fixture, old)
        let error = await #expect(throws: ServiceError.self) { try await set(fixture, old) }
        #expect(error?.code == .aborted)
        #expect(error?.message.hasPrefix("There were concurrent policy changes.") == true)
        try await set(fixture, old, mask: ["bindings"])
        var blind = old
        blind.etag = Data()
        try await set(fixture, blind)
    }

    @Test("that were never written have the etag ACAB and nothing else")
    func never() async throws {
        let (fixture, record) = try await installed()
        let fresh = ProjectRecord(
            id: "fresh", number: "111111111111", displayName: "fresh", parent: record.parent, createdAt: Date())
        try await fixture.directory.change { try $0.put(fresh) }
        let policy = try await get(fixture, "fresh")
        #expect(try policy.jsonString() == #"{"etag":"ACAB"}"#)
        var changed = policy
        changed.bindings = [binding("roles/viewer", "user:bob@example.com")]
        try await set(fixture, changed, on: "fresh")
        let error = await #expect(throws: ServiceError.self) { try await set(fixture, changed, on: "fresh") }
        #expect(error?.code == .aborted)
    }

    enum Wrong: String, CaseIterable {
        case condition = "policy.bindings[1].condition"
        case audit = "policy.audit_configs[0].audit_log_configs[0].log_type"
        case version = "policy.version"
        case mask = "update_mask"
        case member = "policy.bindings[1].members[0]"
        case role = "policy.bindings[1].role"
        case ghost = "policy.bindings[1].members[1]"
    }

    @Test(
        "that are wrong or not supported yet are refused by their field, and change nothing", arguments: Wrong.allCases)
    func wrong(_ wrong: Wrong) async throws {
        let (fixture, _) = try await installed()
        let before = try await get(fixture)
        var policy = before
        var added = binding("roles/viewer", "user:bob@example.com")
        var mask: [String] = []
        switch wrong {
        case .condition:
            policy.version = 3
            added.condition.expression = "request.time <"
            added.condition.title = "t"
        case .audit:
            mask = ["bindings", "audit_configs"]
            policy.auditConfigs = [
                .with {
                    $0.service = "allServices"
                    $0.auditLogConfigs = [.init()]
                }
            ]
        case .version: policy.version = 2
        case .mask: mask = ["bindings", "name"]
        case .member: added.members = ["bob@example.com"]
        case .role: added.role = "roles/compute.osLoginExternalUser"
        case .ghost: added.members += ["serviceAccount:ghost@demo.iam.gserviceaccount.com"]
        }
        policy.bindings.append(added)
        let changed = policy
        let paths = mask
        let error = await #expect(throws: ServiceError.self) { try await set(fixture, changed, mask: paths) }
        #expect(error?.code == .invalidArgument)
        let violation = (error?.details.last as? Google_Rpc_BadRequest)?.fieldViolations.first
        #expect(violation?.field == wrong.rawValue)
        #expect(try await get(fixture) == before)
    }

    @Test("say for programs that allUsers cannot be a member")
    func allUsers() async throws {
        let (fixture, _) = try await installed()
        let error = await #expect(throws: ServiceError.self) {
            try await set(fixture, .with { $0.bindings = [binding("roles/viewer", "allUsers")] })
        }
        let info = error?.details.first as? Google_Rpc_ErrorInfo
        #expect(info?.reason == "PROJECT_SET_IAM_DISALLOWED_MEMBER_TYPE")
    }

    @Test("take the project's default service account as member")
    func serviceAccount() async throws {
        let (fixture, record) = try await installed()
        var policy = try await get(fixture)
        policy.bindings.append(binding("roles/logging.viewer", "serviceAccount:\(record.defaultServiceAccount)"))
        #expect(try await set(fixture, policy, on: "projects/demo").bindings.count == 2)
    }

    @Test("are written by those who may, and refused to others in words of their own")
    func forbidden() async throws {
        let (fixture, _) = try await installed()
        try await fixture.grant("roles/editor", to: "user:bob@example.com")
        let error = await #expect(throws: ServiceError.self) {
            try await set(fixture, WirePolicy(), as: "bob@example.com")
        }
        #expect(error?.code == .permissionDenied)
        #expect(error?.message == "Policy update access denied.")
    }

    @Test("of an organization must keep somebody who can change them")
    func lockOut() async throws {
        let (fixture, record) = try await installed()
        let name = record.parent.path
        func set(_ bindings: [Google_Iam_V1_Binding]) async throws -> WirePolicy {
            try await fixture.call(
                "v1.Organizations.SetIamPolicy",
                Google_Iam_V1_SetIamPolicyRequest.with {
                    $0.resource = name
                    $0.policy.bindings = bindings
                })
        }
        let admin = "roles/resourcemanager.organizationAdmin"
        for bindings in [
            [], [binding("roles/owner", "user:alice@example.com")], [binding(admin, "deleted:user:a@b.cd?uid=1")],
        ] {
            let error = await #expect(throws: ServiceError.self) { _ = try await set(bindings) }
            #expect(error?.code == .invalidArgument)
        }
        let external = "roles/compute.osLoginExternalUser"
        let written = try await set([binding(admin, "user:alice@example.com"), binding(external, "user:bob@other.org")])
        #expect(written.bindings.map(\.role) == [admin, external])
        // With nothing left on the project, the organization's administrator can still repair it.
        try await self.set(fixture, WirePolicy())
        try await self.set(fixture, .with { $0.bindings = [binding("roles/owner", "user:alice@example.com")] })
    }

    private func test(
        _ fixture: Fixture, _ permissions: [String], on resource: String = "demo", as email: String
    ) async throws -> [String] {
        let answer: Google_Iam_V1_TestIamPermissionsResponse = try await fixture.call(
            "v1.Projects.TestIamPermissions",
            Google_Iam_V1_TestIamPermissionsRequest.with {
                $0.resource = resource
                $0.permissions = permissions
            }, as: email)
        return answer.permissions
    }

    @Test("tell every caller which permissions it holds")
    func testPermissions() async throws {
        let (fixture, _) = try await installed()
        try await fixture.grant("roles/batch.jobsViewer", to: "domain:example.com")
        let asked = ["batch.jobs.create", "batch.jobs.get", "no.such.permission"]
        #expect(try await test(fixture, asked, as: "bob@example.com") == ["batch.jobs.get"])
        #expect(try await test(fixture, asked, as: "eve@other.org").isEmpty)
        #expect(try await test(fixture, asked, on: "nothing", as: "alice@example.com").isEmpty)
        for wrong in ["batch.*", "batch.jobs.*", "", "batch..get", "batch"] {
            let error = await #expect(throws: ServiceError.self) {
                _ = try await test(fixture, [wrong], as: "alice@example.com")
            }
            #expect(error?.code == .invalidArgument)
        }
        let error = await #expect(throws: ServiceError.self) {
            _ = try await test(fixture, Array(repeating: "a.b.c", count: 101), as: "alice@example.com")
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test("of one project give nothing on a service account of another")
    func foreignServiceAccount() async throws {
        let (fixture, record) = try await installed()
        let other = try await fixture.install("other").project
        try await fixture.grant("roles/iam.serviceAccountUser", to: "user:bob@example.com")
        let bob = Principal.user("bob@example.com")
        func mayAct(_ email: String, in project: String) async throws -> Bool {
            fixture.directory.decide(
                bob, "iam.serviceAccounts.actAs", on: .serviceAccount(email: email, project: project)
            ).isAllowed
        }
        for project in ["demo", record.number, "-"] {
            #expect(try await mayAct(record.defaultServiceAccount, in: project))
        }
        for project in ["demo", "other", "-"] {
            #expect(try await !mayAct(other.defaultServiceAccount, in: project))
        }
        #expect(try await !mayAct("ghost@demo.iam.gserviceaccount.com", in: "demo"))
    }
}
