import Access
import FoundationEssentials
import Store
import Testing

@testable import Identity

@Suite("An installation")
struct InstallationTests {
    private let temporary = try? TemporaryStore()

    private func store() throws -> SQLiteStore { try #require(temporary).store }

    @Test("begins with an organization, a project, its services and an owner")
    func first() async throws {
        let store = try store()
        let made = try await Installation.open(owner: "Alice@Example.com", project: "demo", in: store)
        #expect(made.organization.domain == "example.com")
        #expect(made.project.parent == .organization(made.organization.number))
        #expect(made.project.number.wholeMatch(of: /[1-9][0-9]{11}/) != nil)
        #expect(try await store.enabledServices(project: "demo") == Installation.defaultServices)

        let policies = [
            BoundPolicy(.project("demo"), try await store.policy(of: .project("demo"))),
            BoundPolicy(made.project.parent, try await store.policy(of: made.project.parent)),
        ]
        let alice = Principal.user("alice@example.com")
        let allowed: [Permission] = [
            "batch.jobs.create", "resourcemanager.projects.setIamPolicy", "resourcemanager.organizations.setIamPolicy",
            "iam.serviceAccounts.actAs", "compute.instances.osLogin", "resourcemanager.projects.create",
        ]
        for permission in allowed {
            let decision = RoleCatalog.predefined.decide(alice, permission, on: .project("demo"), policies: policies)
            #expect(decision.isAllowed)
        }
    }

    @Test("is the same at the next start, whoever starts it")
    func again() async throws {
        let store = try store()
        let first = try await Installation.open(owner: "alice@example.com", project: "demo", in: store)
        let policy = try await store.setPolicy([], of: .project("demo"), ifMatches: nil)
        try await store.setService("batch.googleapis.com", enabled: false, project: "demo")
        let second = try await Installation.open(owner: "mallory@other.org", project: "demo", in: store)
        #expect(second == first)
        #expect(try await store.policy(of: .project("demo")) == policy)
        #expect(try await !store.enabledServices(project: "demo").contains("batch.googleapis.com"))
        let organization = try await store.policy(of: first.project.parent)
        #expect(organization.bindings.flatMap(\.members) == ["user:alice@example.com", "domain:example.com"])
    }

    @Test("gets another project in the same organization")
    func anotherProject() async throws {
        let store = try store()
        let first = try await Installation.open(owner: "alice@example.com", project: "demo", in: store)
        let second = try await Installation.open(owner: "alice@example.com", project: "second", in: store)
        #expect(second.organization == first.organization)
        #expect(second.project.number != first.project.number)
    }

    @Test("means its oldest project where none is named")
    func firstProject() async throws {
        let store = try store()
        let now = Date()
        #expect(try await Installation.firstProject(in: store) == nil)
        for (id, age) in [("young", 1.0), ("first", 3.0), ("later", 2.0)] {
            _ = try await Installation.open(
                owner: "alice@example.com", project: id, in: store, now: now - age)
        }
        #expect(try await Installation.firstProject(in: store) == "first")
    }

    @Test("is completed after a start that was interrupted")
    func interrupted() async throws {
        let store = try store()
        try await store.insertOrganization(
            OrganizationRecord(number: "1", domain: "example.com", createdAt: .distantPast))
        let made = try await Installation.open(owner: "alice@example.com", project: "demo", in: store)
        #expect(made.organization.number == "1")
        #expect(try await !store.policy(of: .organization("1")).bindings.isEmpty)
        #expect(try await store.policy(of: .project("demo")).bindings.map(\.role) == ["roles/owner"])
        #expect(try await !store.enabledServices(project: "demo").isEmpty)
    }

    @Test(
        "refuses ids that are no project's",
        arguments: ["", "abc", "Demo", "1demo", "demo-", "de mo", "démo", "demo/x", String(repeating: "a", count: 31)])
    func wrongProject(id: String) async throws {
        let store = try store()
        await #expect(throws: InstallationError.invalidProject(id)) {
            try await Installation.open(owner: "alice@example.com", project: id, in: store)
        }
        #expect(try await store.organizations().isEmpty)
    }

    @Test("refuses an owner without an e-mail address")
    func wrongOwner() async throws {
        await #expect(throws: InstallationError.invalidOwner("alice")) {
            try await Installation.open(owner: "alice", project: "demo", in: store())
        }
    }

    @Test("has people as accounts, and the service accounts that exist")
    func accounts() async throws {
        let store = try store()
        let made = try await Installation.open(owner: "alice@example.com", project: "demo", in: store)
        let accounts = Accounts(directory: store)
        #expect(try await accounts.principal(email: "Bob@Other.org") == .user("bob@other.org"))
        let robot = made.project.defaultServiceAccount
        #expect(try await accounts.principal(email: robot) == .serviceAccount(robot))
        let ghost = "ghost@demo.iam.gserviceaccount.com"
        await #expect(throws: AccountError.noSuchServiceAccount(ghost)) { try await accounts.principal(email: ghost) }
        await #expect(throws: AccountError.invalidAddress) { try await accounts.principal(email: "alice") }
    }

    @Test("counts as its own the people of its domain and its service accounts")
    func internals() {
        #expect(Accounts.isInternal(.user("alice@example.com"), domain: "example.com"))
        #expect(!Accounts.isInternal(.user("alice@other.org"), domain: "example.com"))
        #expect(!Accounts.isInternal(.user("alice@sub.example.com"), domain: "example.com"))
        #expect(Accounts.isInternal(.serviceAccount("1-compute@developer.gserviceaccount.com"), domain: "example.com"))
    }
}
