import Testing

@testable import Access

@Suite("Permissions")
struct PermissionTests {
    /// What the methods in scope check, by the public map of methods and by what this map lacks.
    private static let checked: [Permission] = [
        "artifactregistry.repositories.create", "artifactregistry.repositories.delete",
        "artifactregistry.repositories.downloadArtifacts", "artifactregistry.repositories.get",
        "artifactregistry.repositories.getIamPolicy", "artifactregistry.repositories.list",
        "artifactregistry.repositories.setIamPolicy", "artifactregistry.repositories.update",
        "artifactregistry.repositories.uploadArtifacts", "batch.jobs.create", "batch.jobs.delete", "batch.jobs.get",
        "batch.jobs.list", "batch.locations.get", "batch.locations.list", "batch.operations.get",
        "batch.operations.list", "batch.states.report", "batch.tasks.get", "batch.tasks.list",
        "compute.instances.osAdminLogin", "compute.instances.osLogin", "compute.oslogin.updateExternalUser",
        "iam.denypolicies.create", "iam.denypolicies.delete", "iam.denypolicies.get", "iam.denypolicies.list",
        "iam.denypolicies.update", "iam.googleapis.com/workforcePools.create",
        "iam.googleapis.com/workloadIdentityPoolProviders.create", "iam.googleapis.com/workloadIdentityPools.create",
        "iam.roles.create", "iam.roles.delete", "iam.roles.get", "iam.roles.list", "iam.roles.undelete",
        "iam.roles.update", "iam.serviceAccountKeys.create", "iam.serviceAccountKeys.delete",
        "iam.serviceAccountKeys.disable", "iam.serviceAccountKeys.enable", "iam.serviceAccountKeys.get",
        "iam.serviceAccountKeys.list", "iam.serviceAccounts.actAs", "iam.serviceAccounts.create",
        "iam.serviceAccounts.delete", "iam.serviceAccounts.disable", "iam.serviceAccounts.enable",
        "iam.serviceAccounts.get", "iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getIamPolicy",
        "iam.serviceAccounts.getOpenIdToken", "iam.serviceAccounts.implicitDelegation", "iam.serviceAccounts.list",
        "iam.serviceAccounts.setIamPolicy", "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt",
        "iam.serviceAccounts.undelete", "iam.serviceAccounts.update", "logging.logEntries.create",
        "logging.logEntries.list", "logging.logs.delete", "logging.logs.list", "logging.privateLogEntries.list",
        "orgpolicy.constraints.list", "orgpolicy.policies.create", "orgpolicy.policies.delete",
        "orgpolicy.policies.list", "orgpolicy.policies.update", "orgpolicy.policy.get", "orgpolicy.policy.set",
        "recommender.iamPolicyRecommendations.list", "resourcemanager.folders.create",
        "resourcemanager.folders.delete", "resourcemanager.folders.get", "resourcemanager.folders.getIamPolicy",
        "resourcemanager.folders.list", "resourcemanager.folders.move", "resourcemanager.folders.setIamPolicy",
        "resourcemanager.folders.undelete", "resourcemanager.folders.update", "resourcemanager.organizations.get",
        "resourcemanager.organizations.getIamPolicy", "resourcemanager.organizations.setIamPolicy",
        "resourcemanager.projects.create", "resourcemanager.projects.delete", "resourcemanager.projects.get",
        "resourcemanager.projects.getIamPolicy", "resourcemanager.projects.list", "resourcemanager.projects.move",
        "resourcemanager.projects.setIamPolicy", "resourcemanager.projects.undelete",
        "resourcemanager.projects.update", "run.executions.cancel", "run.executions.delete", "run.executions.get",
        "run.executions.list", "run.jobs.create", "run.jobs.delete", "run.jobs.get", "run.jobs.getIamPolicy",
        "run.jobs.list", "run.jobs.run", "run.jobs.runWithOverrides", "run.jobs.setIamPolicy", "run.jobs.update",
        "run.operations.delete", "run.operations.get", "run.operations.list", "run.tasks.get", "run.tasks.list",
        "secretmanager.versions.access", "serviceusage.services.disable", "serviceusage.services.enable",
        "serviceusage.services.get", "serviceusage.services.list", "serviceusage.services.use",
    ]

    @Test("that a method checks can be held by somebody")
    func everyCheckedOne() {
        for permission in Self.checked {
            #expect(!RoleCatalog.predefined.roles(containing: permission).isEmpty, "\(permission)")
        }
    }

    @Test(
        "have the names that deny policies use",
        arguments: [
            ("run.jobs.run", "run.googleapis.com/jobs.run"),
            ("iam.serviceAccounts.actAs", "iam.googleapis.com/serviceAccounts.actAs"),
            ("resourcemanager.projects.delete", "cloudresourcemanager.googleapis.com/projects.delete"),
            ("iam.googleapis.com/workforcePools.get", "iam.googleapis.com/workforcePools.get"),
        ])
    func denyNames(name: String, denyName: String) {
        #expect(Permission(name).denyName == denyName)
        #expect(Permission(denyName: denyName) == Permission(name))
    }

    @Test(
        "have the names that errors use",
        arguments: [
            ("run.jobs.run", "run.jobs.run"), ("resourcemanager.projects.get", "resourcemanager.projects.get"),
            ("iam.googleapis.com/workforcePools.get", "iam.workforcePools.get"),
        ])
    func shortNames(name: String, shortName: String) {
        #expect(Permission(name).shortName == shortName)
        #expect(Permission(shortName: shortName) == Permission(name))
        #expect(Permission(shortName: name) == Permission(name))
        #expect(Permission(shortName: shortName + "s") == nil)
    }

    @Test("have a deny name each, and none means two")
    func denyNamesAreUnique() {
        for known in PermissionTable.known.all {
            #expect(Permission(denyName: known.permission.denyName) == known.permission)
        }
    }

    @Test(
        "that nobody knows have no deny name",
        arguments: [
            "run.jobs.run", "run.googleapis.com/jobs.sing", "resourcemanager.googleapis.com/projects.delete", "", "/",
            "googleapis.com/jobs.run", "xrun.googleapis.com/jobs.run", "run.googleapis.org/jobs.run",
        ])
    func unknownDenyName(text: String) {
        #expect(Permission(denyName: text) == nil)
    }

    @Test(
        "are told apart by whether they let one look or do more",
        arguments: [
            ("batch.jobs.get", true), ("batch.jobs.list", true), ("cloudasset.assets.searchAllResources", true),
            ("logging.logEntries.download", true), ("batch.jobs.create", false), ("iam.serviceAccounts.actAs", false),
            ("iam.serviceAccounts.getAccessToken", false), ("iam.serviceAccounts.getOpenIdToken", false),
            ("secretmanager.versions.access", false), ("run.routes.invoke", false),
        ])
    func reading(name: String, isReading: Bool) {
        #expect(Permission(name).isReading == isReading)
    }

    @Test(
        "have a title in words",
        arguments: [
            ("batch.jobs.create", "Create jobs"), ("iam.serviceAccounts.actAs", "Act as service accounts"),
            ("iam.googleapis.com/workforcePools.getIamPolicy", "Get iam policy workforce pools"),
        ])
    func titles(name: String, title: String) throws {
        #expect(try #require(PermissionTable.known[Permission(name)]).title == title)
    }

    @Test(
        "can be granted on the types of resource that they are about",
        arguments: [
            ("resourcemanager.organizations.get", [.organization]),
            ("resourcemanager.folders.get", [.organization, .folder]),
            ("resourcemanager.projects.list", [.organization, .folder]),
            ("resourcemanager.projects.get", [.organization, .folder, .project]),
            ("iam.serviceAccounts.actAs", [.organization, .folder, .project, .serviceAccount]),
            ("iam.serviceAccounts.create", [.organization, .folder, .project]),
            ("run.executions.cancel", [.organization, .folder, .project, .job]),
        ] as [(String, Set<ResourceType>)])
    func grantableOn(name: String, types: Set<ResourceType>) throws {
        #expect(try #require(PermissionTable.known[Permission(name)]).grantableOn == types)
    }

    @Test("can be listed for a type of resource, by name")
    func testable() {
        let onProject = PermissionTable.known.testable(on: .project).map(\.permission.name)
        #expect(onProject == onProject.sorted())
        #expect(onProject.contains("batch.jobs.create") && !onProject.contains("resourcemanager.projects.list"))
        #expect(PermissionTable.known.testable(on: .organization).count == PermissionTable.known.count)
        #expect(PermissionTable.known.testable(on: .job).allSatisfy { $0.permission.service == "run" })
    }

    @Test("of one set can be put into another, counted and compared")
    func sets() {
        let all = PermissionTable.known.all.map(\.id)
        let even = PermissionSet(all.filter { $0.rawValue.isMultiple(of: 2) })
        let third = PermissionSet(all.filter { $0.rawValue.isMultiple(of: 3) })
        let sixth = PermissionSet(all.filter { $0.rawValue.isMultiple(of: 6) })
        #expect(sixth.isSubset(of: even) && sixth.isSubset(of: third) && !even.isSubset(of: third))
        #expect(even.count(sharedWith: third) == sixth.count)
        #expect(even.intersects(third) && !even.intersects(PermissionSet()))
        #expect(Array(even) == all.filter { $0.rawValue.isMultiple(of: 2) })
        #expect(even.subtracting(third).count == even.count - sixth.count)
        #expect(sixth.subtracting(even) == PermissionSet())
        #expect(PermissionSet([all[0], all[1000]]).subtracting(PermissionSet([all[1000]])) == PermissionSet([all[0]]))
        var both = even
        both.formUnion(third)
        #expect(both.count == even.count + third.count - sixth.count)
        #expect(all.allSatisfy { both.contains($0) == (even.contains($0) || third.contains($0)) })
        #expect(PermissionSet().isEmpty && PermissionSet().isSubset(of: sixth) && PermissionSet([all[0]]).count == 1)
    }
}
