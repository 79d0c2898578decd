import Access
import Foundation
import Methods
import Schema
import Testing

@Suite("What is known of roles and permissions")
struct RoleQueryTests {
    @Test("predefined roles are listed by page, and in full on request")
    func predefined() async throws {
        let fixture = try await Fixture()
        var names: [String] = []
        var token = ""
        repeat {
            let page = try await fixture.roles(size: 100, after: token, as: "eve@example.com")
            #expect(page.roles.count <= 100)
            #expect(page.roles.allSatisfy { $0.includedPermissions.isEmpty && !$0.title.isEmpty })
            names += page.roles.map(\.name)
            token = page.nextPageToken
        } while !token.isEmpty
        #expect(names == RoleCatalog.predefined.names)
        let owner = try await fixture.role("roles/owner", as: "eve@example.com")
        #expect(owner.includedPermissions.contains("iam.serviceAccounts.actAs"))
        #expect(!owner.includedPermissions.contains("iam.serviceAccounts.getAccessToken"))
        #expect(owner.etag == Data([0]))
        let full = try await fixture.roles(view: .full, size: 1000)
        #expect(full.roles.first { $0.name == "roles/owner" } == owner)
        #expect(await refusal { _ = try await fixture.role("roles/none") }?.code == .notFound)
    }

    private func grantable(
        _ fixture: Fixture, _ name: String, as email: String = "alice@example.com"
    ) async throws -> [String] {
        try await fixture.call(
            "QueryGrantableRoles",
            Google_Iam_Admin_V1_QueryGrantableRolesRequest.with {
                $0.fullResourceName = name
                $0.pageSize = 1000
            }, as: email, giving: Google_Iam_Admin_V1_QueryGrantableRolesResponse.self
        ).roles.map(\.name)
    }

    @Test("the roles that can be granted follow from the resource, whatever the server is called")
    func grantableRoles() async throws {
        let fixture = try await Fixture()
        try await fixture.createRole()
        let account = try await fixture.create()
        for host in ["cloudresourcemanager.googleapis.com", "127.0.0.1:8787"] {
            let roles = try await grantable(fixture, "//\(host)/projects/demo")
            #expect(roles.contains("roles/batch.jobsEditor"))
            #expect(roles.contains("projects/demo/roles/etl"))
            #expect(!roles.contains("roles/resourcemanager.organizationAdmin"))
        }
        let name = "//iam.googleapis.com/projects/demo/serviceAccounts/\(account.email.replacing("@", with: "%40"))"
        let ofAccount = try await grantable(fixture, name)
        #expect(ofAccount.contains("roles/iam.serviceAccountUser"))
        #expect(!ofAccount.contains("roles/batch.jobsEditor"))
        #expect(
            await refusal { _ = try await grantable(fixture, name, as: "eve@example.com") }?.code == .permissionDenied)
        for wrong in ["", "projects/demo", "//x/y", "//batch.googleapis.com/projects/demo/things/x"] {
            #expect(await refusal { _ = try await grantable(fixture, wrong) }?.code == .invalidArgument)
        }
    }

    private func testable(_ fixture: Fixture, _ name: String) async throws -> [Google_Iam_Admin_V1_Permission] {
        var found: [Google_Iam_Admin_V1_Permission] = []
        var token = ""
        repeat {
            let page: Google_Iam_Admin_V1_QueryTestablePermissionsResponse = try await fixture.call(
                "QueryTestablePermissions",
                Google_Iam_Admin_V1_QueryTestablePermissionsRequest.with {
                    $0.fullResourceName = name
                    $0.pageToken = token
                }, as: "eve@example.com")
            #expect(page.permissions.count <= 100)
            found += page.permissions
            token = page.nextPageToken
        } while !token.isEmpty
        return found
    }

    @Test("the permissions that can be tested are all there, with whether custom roles can have them")
    func testablePermissions() async throws {
        let fixture = try await Fixture()
        let project = try await testable(fixture, "//cloudresourcemanager.googleapis.com/projects/demo")
        let byName = Dictionary(uniqueKeysWithValues: project.map { ($0.name, $0) })
        #expect(byName["batch.jobs.create"]?.customRolesSupportLevel == .supported)
        #expect(byName["iam.denypolicies.create"]?.customRolesSupportLevel == .notSupported)
        #expect(byName["resourcemanager.organizations.get"] == nil)
        let account = try await testable(fixture, "//iam.googleapis.com/projects/demo/serviceAccounts/x%40y.example")
        #expect(account.map(\.name).contains("iam.serviceAccounts.actAs"))
        #expect(!account.map(\.name).contains("batch.jobs.create"))
    }

    @Test("the services whose calls can be logged are the same for every resource")
    func auditableServices() async throws {
        let fixture = try await Fixture()
        func services(_ name: String) async throws -> [String] {
            try await fixture.call(
                "QueryAuditableServices",
                Google_Iam_Admin_V1_QueryAuditableServicesRequest.with { $0.fullResourceName = name },
                as: "eve@example.com", giving: Google_Iam_Admin_V1_QueryAuditableServicesResponse.self
            ).services.map(\.name)
        }
        for name in ["projects/demo", "projects/nowhere", "organizations/1"] {
            let found = try await services("//cloudresourcemanager.googleapis.com/\(name)")
            #expect(found == ["batch.googleapis.com", "iam.googleapis.com"])
        }
        #expect(await refusal { _ = try await services("projects/demo") }?.code == .invalidArgument)
    }

    @Test("a condition is looked at before it is bound")
    func lint() async throws {
        let fixture = try await Fixture()
        let lint = { (expression: String) in
            try await fixture.call(
                "LintPolicy",
                Google_Iam_Admin_V1_LintPolicyRequest.with {
                    $0.fullResourceName = "//cloudresourcemanager.googleapis.com/projects/demo"
                    $0.condition.expression = expression
                }, giving: Google_Iam_Admin_V1_LintPolicyResponse.self
            ).lintResults
        }
        #expect(try await lint("request.time < timestamp('2100-01-01T00:00:00Z')").isEmpty)
        let broken = try await lint("request.time <")
        #expect(broken.map(\.severity) == [.error])
        #expect(broken.first?.fieldName == "condition.expression")
        let past = try await lint("request.time < timestamp('2001-01-01T00:00:00Z')")
        #expect(past.map(\.severity) == [.warning])
        let nothing = await refusal {
            let _: Google_Iam_Admin_V1_LintPolicyResponse = try await fixture.call(
                "LintPolicy", Google_Iam_Admin_V1_LintPolicyRequest())
        }
        #expect(nothing?.code == .invalidArgument)
    }
}
