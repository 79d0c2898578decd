import Access
import Directory
import DirectorySupport
import Foundation
import Testing

@Suite("What a directory keeps")
struct RecordTests {
    private let organization = Resource.organization("987654321098")
    private let pool = Pool.workload("ci", project: "123456789012")

    /// One of everything.
    private func fill(_ directory: Directory) async throws {
        let (organization, pool) = (organization, pool)
        let project = try await directory.addProject("demo", number: "123456789012")
        try await directory.change { draft in
            // The folders' numbers sort against their order.
            try draft.put(FolderRecord(number: "3", displayName: "a", parent: organization, createdAt: Date()))
            try draft.put(FolderRecord(number: "2", displayName: "b", parent: .folder("3"), createdAt: Date()))
            try draft.put(FolderRecord(number: "1", displayName: "c", parent: .folder("2"), createdAt: Date()))
            try draft.enable(["batch.googleapis.com", "run.googleapis.com"], in: project, at: Date())
            try draft.put(
                GroupRecord(address: "staff@example.com", members: ["user:bob@example.com"], createdAt: Date()))
            try draft.put(IdentityPoolRecord(pool: pool, createdAt: Date()))
            try draft.put(
                IdentityProviderRecord(
                    pool: pool, id: "builds", issuer: "https://issuer.example.com",
                    attributeMapping: ["google.subject": "assertion.sub"], createdAt: Date()))
            let role = try CustomRoleRules().create(
                CustomRole.Name(.project("demo"), "looker"),
                CustomRoleFields(title: "Looker", permissions: ["batch.jobs.get"]), siblings: [],
                etag: Etag.random(), at: Date())
            try draft.put(role)
            try draft.put(
                DenyPolicyRecord(
                    DenyPolicy(
                        id: "none",
                        rules: [
                            DenyRule(
                                deniedPrincipals: ["principalSet://goog/public:all"],
                                deniedPermissions: ["cloudresourcemanager.googleapis.com/projects.delete"])
                        ]), on: .project("demo"), uid: "u", createdAt: Date()))
            try draft.setPolicy(
                Policy(
                    bindings: [
                        Binding(role: "projects/demo/roles/looker", members: ["group:staff@example.com"]),
                        Binding(role: "roles/owner", members: ["user:alice@example.com"]),
                        Binding(
                            role: "roles/batch.jobsEditor",
                            members: ["principalSet://iam.googleapis.com/\(pool.path)/*"]),
                        Binding(
                            role: "roles/viewer", members: ["user:carol@example.com"],
                            condition: PolicyCondition("request.time < timestamp(\"2000-01-01T00:00:00Z\")", title: "t")
                        ),
                    ], auditConfigs: [AuditConfig(service: "allServices", logs: [.init(.dataRead)])]),
                of: .project("demo"))
        }
    }

    private func check(_ directory: Directory) {
        func mayGet(_ email: String) -> Bool {
            directory.decide(.user(email), "batch.jobs.get", on: .project("demo")).isAllowed
        }
        #expect(mayGet("bob@example.com"))
        #expect(!mayGet("carol@example.com"))
        #expect(!mayGet("dora@example.com"))
        let build = Principal.federated(FederatedIdentity(pool: pool, subject: "a"))
        #expect(directory.decide(build, "batch.jobs.get", on: .project("demo")).isAllowed)
        let alice = Principal.user("alice@example.com")
        #expect(directory.decide(alice, "batch.jobs.delete", on: .project("demo")).isAllowed)
        #expect(!directory.decide(alice, "resourcemanager.projects.delete", on: .project("demo")).isAllowed)
    }

    @Test("decides after a restart as before it")
    func restart() async throws {
        let records = MemoryRecords()
        let directory = try await Directory.ofExample(records)
        try await fill(directory)
        check(directory)
        let again = try Directory(records)
        check(again)
        let (before, after) = (directory.state, again.state)
        #expect(after.projects.sorted == before.projects.sorted)
        #expect(after.folders.sorted == before.folders.sorted)
        #expect(after.serviceAccounts.sorted == before.serviceAccounts.sorted)
        #expect(after.roles.sorted == before.roles.sorted)
        #expect(after.policies.sorted == before.policies.sorted)
        #expect(after.denyPolicies.sorted == before.denyPolicies.sorted)
        #expect(after.groups.sorted == before.groups.sorted)
        #expect(after.identityPools.sorted == before.identityPools.sorted)
        #expect(after.identityProviders.sorted == before.identityProviders.sorted)
        #expect(after.access.hierarchy == before.access.hierarchy)
    }

    @Test("makes a project's accounts with its services, once")
    func accounts() async throws {
        let directory = try await Directory.ofExample()
        try await fill(directory)
        let state = directory.state
        let project = try #require(state.project("demo"))
        let email = project.defaultServiceAccount
        #expect(state.serviceAccount(email)?.origin == .default)
        for agent in ServiceAgent.all {
            #expect(state.serviceAccount(agent.email(inProject: project.number))?.origin == .serviceAgent)
        }
        try await directory.setBindings([], of: .project("demo"))
        try await directory.change { try $0.enable(["batch.googleapis.com"], in: project, at: Date()) }
        #expect(directory.state.policy(of: .project("demo")).bindings.isEmpty)
        #expect(directory.state.serviceAccounts.count == 3)
    }

    @Test("grants editor to a default account unless the organization forbids it", arguments: [false, true])
    func defaultGrant(isForbidden: Bool) async throws {
        let directory = try await Directory.ofExample()
        let project = try await directory.addProject("demo", number: "1")
        let policy = OrganizationPolicy(
            .automaticIamGrantsForDefaultServiceAccounts, rules: [.init(.enforce(isForbidden))])
        try await directory.change { draft in
            try draft.put(OrganizationPolicyRecord(policy, on: project.parent, updatedAt: Date()))
            try draft.enable(["compute.googleapis.com"], in: project, at: Date())
        }
        let roles = directory.state.policy(of: project.resource).bindings.map(\.role)
        #expect(roles == (isForbidden ? [] : ["roles/editor"]))
    }

    @Test("is not taken up when something in it cannot be read", arguments: ["project", "stranger", "folder"])
    func damaged(kind: String) async throws {
        let records = MemoryRecords()
        let orphan =
            #"{"number":"9","displayName":"","parent":"//cloudresourcemanager.googleapis.com/folders/8","#
            + #""createdAt":0,"updatedAt":0}"#
        let value = Data((kind == "folder" ? orphan : #"{"id":"demo"}"#).utf8)
        try await records.write([RecordChange(kind: kind, key: "9", value: value)])
        #expect(throws: DirectoryError.unreadable(kind: kind, key: "9")) { _ = try Directory(records) }
    }
}
