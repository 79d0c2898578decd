import Access
import DirectorySupport
import Foundation
import Methods
import Schema
import Testing

@Suite("Custom roles")
struct CustomRoleTests {
    private func sees(_ fixture: Fixture) -> Bool {
        fixture.directory.decide(.user("bob@example.com"), "batch.jobs.list", on: .project("demo")).isAllowed
    }

    @Test("are created, granted, changed, deleted and taken up again, in force at once")
    func life() async throws {
        let fixture = try await Fixture()
        let role = try await fixture.createRole(in: "projects/111111111111")
        #expect(role.name == "projects/demo/roles/etl")
        #expect(role.includedPermissions == ["batch.jobs.list"])
        #expect(try await fixture.role(role.name) == role)
        #expect(try await fixture.role("projects/111111111111/roles/etl") == role)
        try await fixture.directory.grant(role.name, to: "user:bob@example.com")
        #expect(sees(fixture))

        var changed = role
        changed.includedPermissions = ["batch.jobs.get"]
        let other = try await fixture.update(changed, mask: ["included_permissions"])
        #expect(other.includedPermissions == ["batch.jobs.get"])
        #expect(other.title == "ETL")
        #expect(!sees(fixture))
        #expect(await refusal { _ = try await fixture.update(changed) }?.code == .aborted)
        var back = other
        back.includedPermissions = ["batch.jobs.list"]
        let restored = try await fixture.update(back)
        #expect(sees(fixture))

        #expect(await refusal { try await fixture.deleteRole(role.name, etag: role.etag) }?.code == .aborted)
        #expect(try await fixture.deleteRole(role.name, etag: restored.etag).deleted)
        #expect(!sees(fixture))
        #expect(try await fixture.roles(of: "projects/demo").roles.isEmpty)
        #expect(try await fixture.roles(of: "projects/demo", showDeleted: true).roles.map(\.deleted) == [true])
        let taken = await refusal { try await fixture.createRole() }
        #expect(taken?.code == .failedPrecondition)
        try await fixture.undeleteRole(role.name)
        #expect(sees(fixture))
        #expect(
            await refusal { try await fixture.createRole() }?.message
                == "A role named etl in projects/demo already exists.")
    }

    @Test("that are gone for good leave their name, and nobody who had them")
    func gone() async throws {
        let fixture = try await Fixture()
        let role = try await fixture.createRole()
        try await fixture.directory.grant(role.name, to: "user:bob@example.com")
        try await fixture.deleteRole(role.name)
        #expect(await refusal { try await fixture.undeleteRole(role.name, daysLater: 8) }?.code == .notFound)
        #expect(await refusal { _ = try await fixture.role(role.name, daysLater: 8) }?.code == .notFound)
        try await fixture.createRole(daysLater: 38)
        #expect(!sees(fixture))
        #expect(fixture.directory.state.policy(of: .project("demo")).bindings.map(\.role) == ["roles/owner"])
    }

    @Test(
        "are refused with what no role can have",
        arguments: [
            ("ab", ["batch.jobs.list"]), ("no spaces", ["batch.jobs.list"]), ("fine", ["batch.jobs.*"]),
            ("fine", ["no.such.permission"]), ("fine", ["resourcemanager.organizations.get"]),
            ("fine", ["iam.denypolicies.create"]),
        ])
    func malformed(id: String, permissions: [String]) async throws {
        let fixture = try await Fixture()
        let error = await refusal { try await fixture.createRole(id, permissions) }
        #expect(error?.code == .invalidArgument)
        #expect((error?.details.first as? Google_Rpc_BadRequest)?.fieldViolations.first?.field.isEmpty == false)
        #expect(fixture.directory.state.roles.count == 0)
    }

    @Test("of an organization are its administrators' to make, and of a project its owner's")
    func organization() async throws {
        let fixture = try await Fixture()
        let parent = "organizations/987654321098"
        #expect(await refusal { try await fixture.createRole(in: parent) }?.code == .permissionDenied)
        try await fixture.directory.grant(
            "roles/iam.organizationRoleAdmin", to: "user:alice@example.com", on: .organization("987654321098"))
        let role = try await fixture.createRole(in: parent, ["resourcemanager.organizations.get"])
        #expect(role.name == "\(parent)/roles/etl")
        #expect(try await fixture.roles(of: parent, view: .full).roles == [role])
        for name in ["projects/demo", "projects/nothing", parent] {
            let list = await refusal { _ = try await fixture.roles(of: name, as: "eve@example.com") }
            #expect(list?.code == .permissionDenied)
            let one = await refusal { _ = try await fixture.role("\(name)/roles/etl", as: "eve@example.com") }
            #expect(one?.code == .permissionDenied)
        }
        #expect(await refusal { _ = try await fixture.roles(of: "folders/1") }?.code == .invalidArgument)
        #expect(await refusal { _ = try await fixture.role("etl") }?.code == .invalidArgument)
    }
}
