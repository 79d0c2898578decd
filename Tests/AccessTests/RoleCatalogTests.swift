import Testing

@testable import Access

@Suite("The catalogue of roles")
struct RoleCatalogTests {
    private let roles = RoleCatalog.predefined

    @Test("is as large as the public data set is for the services in scope")
    func size() {
        #expect(roles.names.count == 188)
        #expect(PermissionTable.known.count == 1719)
        #expect(roles.predefinedRoles.reduce(0) { $0 + $1.permissions.count } == 12_254)
        #expect(roles.predefinedRoles.count { $0.stage == .beta } == 27)
        #expect(roles["roles/nothing"] == nil)
    }

    @Test(
        "has the roles with as many permissions as the data set, here and on all of Google Cloud",
        arguments: [
            ("roles/viewer", 679, 6064), ("roles/editor", 1020, 11979), ("roles/owner", 1643, 13568),
            ("roles/browser", 6, 6), ("roles/batch.jobsEditor", 12, 12), ("roles/batch.jobsViewer", 10, 10),
            ("roles/batch.agentReporter", 1, 1), ("roles/batch.serviceAgent", 18, 516),
            ("roles/compute.osLogin", 14, 25), ("roles/compute.osAdminLogin", 15, 26),
            ("roles/compute.osLoginExternalUser", 1, 1), ("roles/run.admin", 97, 97),
            ("roles/run.developer", 89, 89), ("roles/run.invoker", 3, 3), ("roles/run.serviceAgent", 55, 75),
            ("roles/iam.serviceAccountUser", 5, 5), ("roles/iam.serviceAccountTokenCreator", 9, 9),
            ("roles/iam.workloadIdentityUser", 4, 4), ("roles/iam.roleAdmin", 12, 12),
            ("roles/logging.viewer", 27, 28), ("roles/logging.serviceAgent", 0, 3),
            ("roles/resourcemanager.organizationAdmin", 30, 36), ("roles/resourcemanager.projectCreator", 2, 2),
            ("roles/serviceusage.serviceUsageConsumer", 16, 16), ("roles/orgpolicy.policyAdmin", 26, 26),
        ])
    func counts(name: String, known: Int, size: Int) throws {
        let role = try #require(roles[name])
        #expect(role.permissions.count == known)
        #expect(role.size == size)
        #expect(role.parent == nil)
    }

    @Test(
        "keeps the traps of the real roles",
        arguments: [
            ("roles/owner", "iam.serviceAccounts.actAs", true),
            ("roles/owner", "iam.serviceAccounts.getAccessToken", false),
            ("roles/owner", "iam.serviceAccounts.getOpenIdToken", false),
            ("roles/owner", "iam.serviceAccounts.signBlob", false),
            ("roles/owner", "iam.serviceAccounts.signJwt", false),
            ("roles/owner", "iam.serviceAccounts.implicitDelegation", false),
            ("roles/owner", "orgpolicy.policy.set", false),
            ("roles/owner", "iam.denypolicies.create", false),
            ("roles/owner", "resourcemanager.projects.setIamPolicy", true),
            ("roles/owner", "resourcemanager.organizations.setIamPolicy", false),
            ("roles/owner", "iam.roles.create", true),
            ("roles/editor", "iam.serviceAccounts.actAs", true),
            ("roles/editor", "iam.serviceAccountKeys.create", true),
            ("roles/editor", "batch.states.report", true),
            ("roles/editor", "run.jobs.run", true),
            ("roles/editor", "compute.instances.osAdminLogin", true),
            ("roles/editor", "iam.roles.create", false),
            ("roles/editor", "iam.serviceAccounts.getAccessToken", false),
            ("roles/viewer", "artifactregistry.repositories.downloadArtifacts", true),
            ("roles/viewer", "logging.logEntries.list", true),
            ("roles/viewer", "batch.jobs.create", false),
            ("roles/iam.serviceAccountAdmin", "iam.serviceAccounts.actAs", false),
            ("roles/iam.serviceAccountAdmin", "iam.serviceAccounts.setIamPolicy", true),
            ("roles/iam.serviceAccountUser", "iam.serviceAccounts.getAccessToken", false),
            ("roles/iam.workloadIdentityUser", "iam.serviceAccounts.getAccessToken", true),
            ("roles/batch.jobsEditor", "iam.serviceAccounts.actAs", false),
            ("roles/run.invoker", "run.jobs.run", true),
            ("roles/run.invoker", "run.executions.cancel", false),
            ("roles/run.jobsExecutor", "run.jobs.runWithOverrides", false),
            ("roles/logging.viewer", "logging.privateLogEntries.list", false),
        ])
    func traps(role: String, permission: String, isIn: Bool) throws {
        #expect(PermissionTable.known.id(of: Permission(permission)) != nil)
        #expect(try #require(roles[role]).contains(Permission(permission)) == isIn)
    }

    @Test("lets an editor grant nothing")
    func editorGrantsNothing() throws {
        let editor = try #require(roles["roles/editor"])
        #expect(!editor.permissions.permissions.contains { $0.verb == "setIamPolicy" })
    }

    @Test("lets each basic role do what the one below it does, and more")
    func basicRoles() throws {
        let chain = try ["roles/viewer", "roles/editor", "roles/owner"].map { try #require(roles[$0]) }
        for (lower, higher) in zip(chain, chain.dropFirst()) {
            #expect(lower.isBasic && higher.isBasic)
            #expect(lower.permissions.isSubset(of: higher.permissions))
            #expect(!higher.permissions.isSubset(of: lower.permissions))
        }
        #expect(roles["roles/browser"]?.isBasic == false)
    }

    @Test("lets jobsEditor do exactly what the Batch API lists for it")
    func jobsEditor() throws {
        let editor = try #require(roles["roles/batch.jobsEditor"]).permissions.permissions
        let viewer = try #require(roles["roles/batch.jobsViewer"]).permissions.permissions
        #expect(editor.filter { !viewer.contains($0) } == ["batch.jobs.create", "batch.jobs.delete"])
    }

    @Test(
        "orders the roles with a permission by how much they give beyond it",
        arguments: [
            ("batch.jobs.create", ["batch.jobsEditor", "batch.admin", "editor", "owner"]),
            ("batch.jobs.get", ["batch.jobsViewer", "batch.viewer", "batch.jobsEditor"]),
            ("compute.instances.osLogin", ["compute.osLogin", "compute.osAdminLogin"]),
            ("resourcemanager.projects.get", ["browser"]),
            ("iam.serviceAccounts.actAs", ["iam.serviceAccountUser", "iam.editor"]),
            ("iam.serviceAccounts.signBlob", ["iam.serviceAccountTokenCreator", "pubsub.serviceAgent"]),
            ("logging.logEntries.list", ["logging.viewer", "logging.privateLogViewer"]),
            ("run.jobs.run", ["run.jobsExecutor", "run.invoker"]),
            ("resourcemanager.projects.setIamPolicy", ["resourcemanager.projectIamAdmin"]),
            ("orgpolicy.policy.set", ["orgpolicy.policyAdmin"]),
        ])
    func smallestFirst(permission: String, names: [String]) {
        let found = roles.roles(containing: Permission(permission)).map { $0.name.dropFirst("roles/".count) }
        #expect(found.starts(with: names.map { $0[...] }))
    }

    @Test("has no role for a permission that nobody knows")
    func unknownPermission() {
        #expect(roles.roles(containing: "batch.jobs.sing").isEmpty)
        #expect(roles["roles/owner"]?.contains("batch.jobs.sing") == false)
    }

    @Test(
        "says where a role can be granted",
        arguments: [
            ("roles/batch.jobsEditor", [.organization, .folder, .project]),
            ("roles/iam.serviceAccountUser", [.organization, .folder, .project, .serviceAccount]),
            ("roles/run.invoker", [.organization, .folder, .project, .job, .service]),
            ("roles/run.jobsExecutor", [.organization, .folder, .project, .job]),
            ("roles/artifactregistry.reader", [.organization, .folder, .project, .repository]),
            ("roles/secretmanager.secretAccessor", [.organization, .folder, .project, .secret]),
            (
                "roles/iam.workloadIdentityPoolAdmin", [.organization, .folder, .project, .workloadIdentityPool]
            ),
            ("roles/iam.workforcePoolAdmin", [.organization, .workforcePool]),
            ("roles/iam.denyAdmin", [.organization, .folder]),
            ("roles/orgpolicy.policyAdmin", [.organization, .folder]),
            ("roles/resourcemanager.projectCreator", [.organization, .folder]),
            ("roles/compute.osLoginExternalUser", [.organization]),
            ("roles/resourcemanager.organizationAdmin", [.organization]),
            ("roles/storage.legacyBucketReader", [.bucket]),
        ] as [(String, Set<ResourceType>)])
    func places(role: String, types: Set<ResourceType>) throws {
        #expect(try #require(roles[role]).types == types)
    }

    @Test("lists what can be granted on a resource, by name")
    func grantable() {
        let onAccount = roles.roles(grantableOn: .serviceAccount, in: []).map(\.name)
        #expect(onAccount == onAccount.sorted())
        #expect(onAccount.contains("roles/iam.workloadIdentityUser") && onAccount.contains("roles/owner"))
        #expect(!onAccount.contains("roles/batch.jobsEditor") && !onAccount.contains("roles/iam.denyAdmin"))
        #expect(!roles.roles(grantableOn: .project, in: []).map(\.name).contains("roles/orgpolicy.policyAdmin"))
    }
}
