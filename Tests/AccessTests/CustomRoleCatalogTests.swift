import Foundation
import Testing

@testable import Access

@Suite("Custom roles in the catalogue")
struct CustomRoleCatalogTests {
    private let demo = CustomRole.Parent.project("demo")
    private let organization = CustomRole.Parent.organization("12")

    private func role(
        _ parent: CustomRole.Parent, _ id: String, _ permissions: [Permission], stage: LaunchStage = .beta,
        deletedAt: Date? = nil
    ) -> CustomRole {
        CustomRole(
            name: CustomRole.Name(parent, id), title: id, about: "", stage: stage, permissions: permissions,
            etag: Data([1]), deletedAt: deletedAt)
    }

    @Test("are found by name, replaced and forgotten")
    func lifecycle() throws {
        var roles = RoleCatalog.predefined
        let first = role(demo, "etl", ["batch.jobs.get"])
        roles.put(first)
        #expect(try #require(roles["projects/demo/roles/etl"]).contains("batch.jobs.get"))
        #expect(RoleCatalog.predefined["projects/demo/roles/etl"] == nil)
        roles.put(role(demo, "etl", ["batch.jobs.list"]))
        #expect(try #require(roles["projects/demo/roles/etl"]).contains("batch.jobs.get") == false)
        #expect(roles.names.count == RoleCatalog.predefined.names.count + 1)
        roles.remove(first.name)
        #expect(roles["projects/demo/roles/etl"] == nil)
        #expect(roles.roles(grantableOn: .project, in: [demo]).allSatisfy { $0.parent == nil })
    }

    @Test("come before predefined ones that give more, to those who can grant them")
    func smallest() {
        var roles = RoleCatalog.predefined
        roles.put(role(demo, "one", ["batch.jobs.create"]))
        roles.put(role(.project("other"), "one", ["batch.jobs.create"]))
        roles.put(role(demo, "off", ["batch.jobs.create"], stage: .disabled))
        let inDemo = roles.roles(containing: "batch.jobs.create", in: [demo, organization]).map(\.name)
        #expect(inDemo.starts(with: ["projects/demo/roles/one", "roles/batch.jobsEditor"]))
        #expect(!inDemo.contains("projects/other/roles/one") && !inDemo.contains("projects/demo/roles/off"))
        #expect(roles.roles(containing: "batch.jobs.create").map(\.name).contains("projects/other/roles/one"))
    }

    @Test("can be granted in what they belong to, on what their permissions are about")
    func grantable() {
        var roles = RoleCatalog.predefined
        roles.put(role(demo, "runner", ["run.jobs.run"]))
        roles.put(role(organization, "lister", ["resourcemanager.projects.list"]))
        roles.put(role(demo, "dead", ["run.jobs.run"], deletedAt: Date(timeIntervalSince1970: 0)))
        func names(_ type: ResourceType, _ parents: Set<CustomRole.Parent>) -> [String] {
            roles.roles(grantableOn: type, in: parents).filter { $0.parent != nil }.map(\.name)
        }
        #expect(
            names(.project, [demo, organization]) == ["organizations/12/roles/lister", "projects/demo/roles/runner"])
        #expect(names(.job, [demo, organization]) == ["projects/demo/roles/runner"])
        #expect(names(.organization, [organization]) == ["organizations/12/roles/lister"])
        #expect(names(.folder, [demo]).isEmpty && names(.project, [.project("other")]).isEmpty)
    }

    @Test(
        "and others are refused or warned of in a binding",
        arguments: [
            ("projects/demo/roles/ok", .project, nil, ""), ("projects/demo/roles/ok", .folder, .error, "not supported"),
            ("projects/demo/roles/dead", .project, .error, "is deleted"),
            ("projects/demo/roles/off", .project, .warning, "is disabled"),
            ("projects/demo/roles/old", .project, .warning, "is deprecated"),
            ("projects/demo/roles/none", .project, .error, "does not exist in the resource's hierarchy."),
            ("projects/other/roles/ok", .project, .error, "does not exist in the resource's hierarchy."),
            ("organizations/12/roles/ok", .project, nil, ""),
            ("roles/made.up", .project, .error, "no role of this name"),
            ("roles/batch.jobsEditor", .project, nil, ""), ("roles/batch.jobsEditor", .job, .error, "not supported"),
            ("roles/iam.denyAdmin", .project, .error, "is not supported for this resource."),
            ("roles/batch.serviceAgent", .project, .warning, "account of a service"), ("", .project, .error, "no role"),
        ] as [(String, ResourceType, RoleFinding.Severity?, String)])
    func findings(name: String, type: ResourceType, severity: RoleFinding.Severity?, text: String) {
        var roles = RoleCatalog.predefined
        roles.put(role(demo, "ok", ["batch.jobs.get"]))
        roles.put(role(.project("other"), "ok", ["batch.jobs.get"]))
        roles.put(role(organization, "ok", ["batch.jobs.get"]))
        roles.put(role(demo, "off", ["batch.jobs.get"], stage: .disabled))
        roles.put(role(demo, "old", ["batch.jobs.get"], stage: .deprecated))
        roles.put(role(demo, "dead", ["batch.jobs.get"], deletedAt: Date(timeIntervalSince1970: 0)))
        let findings = roles.findings(forRole: name, on: type, in: [demo, organization])
        #expect(findings.map(\.severity) == (severity.map { [$0] } ?? []))
        #expect(findings.allSatisfy { $0.message.contains(text) })
    }

    @Test("with permissions that this version does not know grant the others")
    func unknownPermission() {
        let kept = role(demo, "old", ["batch.jobs.get", "batch.jobs.sing"])
        #expect(kept.role.permissions.permissions == ["batch.jobs.get"])
    }
}
