import Access
import Directory
import DirectorySupport
import FoundationEssentials
import Testing

@testable import Identity

@Suite("An installation")
struct InstallationTests {
    private func directory() throws -> Directory { try Directory(MemoryRecords()) }

    @Test("begins with an organization, a project, its services and an owner")
    func first() async throws {
        let directory = try directory()
        let made = try await Installation.open(owner: "Alice@Example.com", project: "demo", in: directory)
        #expect(made.organization.domain == "example.com")
        #expect(made.project.parent == .organization(made.organization.number))
        #expect(made.project.number.wholeMatch(of: /[1-9][0-9]{11}/) != nil)
        #expect(directory.state.services["demo"]?.names == Installation.defaultServices)

        let alice = Principal.user("alice@example.com")
        let allowed: [Permission] = [
            "batch.jobs.create", "resourcemanager.projects.setIamPolicy", "resourcemanager.organizations.setIamPolicy",
            "iam.serviceAccounts.actAs", "compute.instances.osLogin", "resourcemanager.projects.create",
        ]
        for permission in allowed {
            #expect(directory.decide(alice, permission, on: .project("demo")).isAllowed)
        }
    }

    @Test("is the same at the next start, whoever starts it")
    func again() async throws {
        let directory = try directory()
        let first = try await Installation.open(owner: "alice@example.com", project: "demo", in: directory)
        let policy = try await directory.setBindings([], of: .project("demo"))
        try await directory.change { try $0.disable(["batch.googleapis.com"], inProject: "demo") }
        let second = try await Installation.open(owner: "mallory@other.org", project: "demo", in: directory)
        #expect(second == first)
        #expect(directory.state.policy(of: .project("demo")) == policy)
        #expect(!directory.state.isEnabled("batch.googleapis.com", inProject: "demo"))
        let organization = directory.state.policy(of: first.project.parent)
        #expect(organization.bindings.flatMap(\.members) == ["user:alice@example.com", "domain:example.com"])
    }

    @Test("gets another project in the same organization")
    func anotherProject() async throws {
        let directory = try directory()
        let first = try await Installation.open(owner: "alice@example.com", project: "demo", in: directory)
        let second = try await Installation.open(owner: "alice@example.com", project: "second", in: directory)
        #expect(second.organization == first.organization)
        #expect(second.project.number != first.project.number)
    }

    @Test("means its oldest project where none is named")
    func firstProject() async throws {
        let directory = try directory()
        let now = Date()
        #expect(Installation.firstProject(in: directory.state) == nil)
        for (id, age) in [("young", 1.0), ("first", 3.0), ("later", 2.0)] {
            _ = try await Installation.open(
                owner: "alice@example.com", project: id, in: directory, now: now - age)
        }
        #expect(Installation.firstProject(in: directory.state) == "first")
    }

    @Test("is completed after a start that was interrupted")
    func interrupted() async throws {
        let directory = try directory()
        let organization = OrganizationRecord(number: "1", domain: "example.com", createdAt: .distantPast)
        try await directory.change { try $0.put(organization) }
        let made = try await Installation.open(owner: "alice@example.com", project: "demo", in: directory)
        #expect(made.organization.number == "1")
        #expect(!directory.state.policy(of: .organization("1")).bindings.isEmpty)
        let roles = directory.state.policy(of: .project("demo")).bindings.map(\.role)
        #expect(roles == ["roles/owner", "roles/editor", "roles/batch.serviceAgent", "roles/run.serviceAgent"])
        #expect(directory.state.services["demo"]?.names.isEmpty == false)
    }

    @Test(
        "refuses ids that are no project's",
        arguments: ["", "abc", "Demo", "1demo", "demo-", "de mo", "démo", "demo/x", String(repeating: "a", count: 31)])
    func wrongProject(id: String) async throws {
        let directory = try directory()
        await #expect(throws: InstallationError.invalidProject(id)) {
            try await Installation.open(owner: "alice@example.com", project: id, in: directory)
        }
        #expect(directory.state.organizations.count == 0)
    }

    @Test("refuses an owner without an e-mail address")
    func wrongOwner() async throws {
        await #expect(throws: InstallationError.invalidOwner("alice")) {
            try await Installation.open(owner: "alice", project: "demo", in: directory())
        }
    }

    @Test("has people as accounts, and the service accounts that exist")
    func accounts() async throws {
        let directory = try directory()
        let made = try await Installation.open(owner: "alice@example.com", project: "demo", in: directory)
        let accounts = Accounts(directory: directory)
        #expect(try accounts.principal(email: "Bob@Other.org") == .user("bob@other.org"))
        let robot = made.project.defaultServiceAccount
        #expect(try accounts.principal(email: robot) == .serviceAccount(robot))
        let ghost = "ghost@demo.iam.gserviceaccount.com"
        #expect(throws: AccountError.noSuchServiceAccount(ghost)) { try accounts.principal(email: ghost) }
        #expect(throws: AccountError.invalidAddress) { try accounts.principal(email: "alice") }
    }

    @Test("counts as its own the people of its domain and its service accounts")
    func internals() async throws {
        let directory = try directory()
        let made = try await Installation.open(owner: "alice@example.com", project: "demo", in: directory)
        let state = directory.state
        func isMember(_ principal: Principal) -> Bool { state.isMember(principal, of: made.organization) }
        #expect(isMember(.user("alice@example.com")))
        #expect(!isMember(.user("alice@other.org")))
        #expect(!isMember(.user("alice@sub.example.com")))
        #expect(isMember(.serviceAccount(made.project.defaultServiceAccount)))
        #expect(!isMember(.serviceAccount("1-compute@developer.gserviceaccount.com")))
    }
}
