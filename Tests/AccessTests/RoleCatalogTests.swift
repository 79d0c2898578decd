import Testing

@testable import Access

@Suite("The catalog of roles")
struct RoleCatalogTests {
    private let roles = RoleCatalog.predefined

    @Test(
        "has the roles with as many permissions as the public data set lists for the services in scope",
        arguments: [
            ("roles/viewer", 82), ("roles/editor", 141), ("roles/owner", 182), ("roles/browser", 6),
            ("roles/batch.jobsEditor", 12), ("roles/batch.jobsViewer", 10), ("roles/compute.osLogin", 13),
            ("roles/compute.osAdminLogin", 14), ("roles/compute.osLoginExternalUser", 1),
            ("roles/iam.serviceAccountUser", 5), ("roles/logging.viewer", 27),
            ("roles/resourcemanager.organizationAdmin", 25), ("roles/resourcemanager.organizationViewer", 1),
            ("roles/resourcemanager.projectCreator", 2),
            ("roles/resourcemanager.projectDeleter", 1), ("roles/serviceusage.serviceUsageConsumer", 15),
        ])
    func counts(name: String, count: Int) throws {
        let role = try #require(roles[name])
        #expect(role.permissions.count == count)
        #expect(role.size >= count)
        #expect(!role.title.isEmpty)
    }

    @Test("has no role besides those that are counted above")
    func onlyThese() {
        #expect(roles.names.count == 16)
        #expect(roles["roles/nothing"] == nil)
    }

    @Test("lets jobsEditor do exactly what the Batch API lists for it")
    func jobsEditor() throws {
        let editor = try #require(roles["roles/batch.jobsEditor"]).permissions
        let viewer = try #require(roles["roles/batch.jobsViewer"]).permissions
        #expect(editor.subtracting(viewer) == ["batch.jobs.create", "batch.jobs.delete"])
        #expect(viewer.isSubset(of: editor))
        #expect(!editor.contains("iam.serviceAccounts.actAs"))
    }

    @Test(
        "keeps what the basic roles do not contain out of them",
        arguments: [
            ("roles/owner", "iam.serviceAccounts.getAccessToken", false),
            ("roles/owner", "resourcemanager.projects.setIamPolicy", true),
            ("roles/owner", "resourcemanager.organizations.setIamPolicy", false),
            ("roles/editor", "resourcemanager.projects.setIamPolicy", false),
            ("roles/editor", "iam.serviceAccounts.actAs", true),
            ("roles/editor", "batch.states.report", true),
            ("roles/editor", "compute.instances.osAdminLogin", true),
            ("roles/viewer", "logging.logEntries.list", true),
            ("roles/viewer", "batch.jobs.create", false),
        ])
    func basicRoles(role: String, permission: String, isIn: Bool) throws {
        #expect(try #require(roles[role]).permissions.contains(Permission(permission)) == isIn)
    }

    @Test(
        "orders the roles with a permission by how much they give beyond it",
        arguments: [
            ("batch.jobs.create", ["roles/batch.jobsEditor", "roles/editor"]),
            ("compute.instances.osLogin", ["roles/compute.osLogin", "roles/compute.osAdminLogin"]),
            ("resourcemanager.projects.get", ["roles/browser", "roles/iam.serviceAccountUser"]),
            ("iam.serviceAccounts.actAs", ["roles/iam.serviceAccountUser", "roles/editor"]),
            ("logging.logEntries.list", ["roles/logging.viewer", "roles/viewer"]),
        ])
    func smallestFirst(permission: String, names: [String]) {
        #expect(roles.roles(containing: Permission(permission)).map(\.name).starts(with: names))
    }

    @Test("has no role for a permission that nobody knows")
    func unknownPermission() {
        #expect(roles.roles(containing: "batch.jobs.sing").isEmpty)
    }
}
