import Access
import Foundation
import GRDB
import Testing

@testable import Store

/// A store in a directory of its own, which goes with it.
final class TemporaryDirectoryStore {
    let store: SQLiteStore
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        store = try SQLiteStore(path: "\(path)/state.sqlite")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("The directory, kept in SQLite and behind its cache")
struct DirectoryStoreTests {
    enum Kind: CaseIterable, Sendable {
        case plain
        case cached
    }

    private let temporary = try? TemporaryDirectoryStore()
    private let time = Date()

    private func directory(_ kind: Kind) throws -> any DirectoryStore {
        let store = try #require(temporary).store
        return kind == .plain ? store : DirectoryCache(store)
    }

    private func project(_ id: String, number: String) -> ProjectRecord {
        ProjectRecord(
            id: id, number: number, displayName: "Name of \(id)", parent: .organization("987654321098"),
            labels: ["team": "one"], createdAt: time)
    }

    @Test("gives organizations back", arguments: Kind.allCases)
    func organizations(kind: Kind) async throws {
        let directory = try directory(kind)
        let organization = OrganizationRecord(number: "987654321098", domain: "example.com", createdAt: time)
        try await directory.insertOrganization(organization)
        #expect(try await directory.organization(number: "987654321098") == organization)
        #expect(try await directory.organization(number: "1") == nil)
        #expect(try await directory.organizations() == [organization])
        await #expect(throws: StoreError.alreadyExists) { try await directory.insertOrganization(organization) }
    }

    @Test("keeps a bounded number of projects")
    func projectLimit() async throws {
        let store = try #require(temporary).store
        let others = (1..<SQLiteStore.mostProjects).map { project("p\($0)", number: "\($0)") }
        try await store.write { database in for other in others { try other.insert(in: database) } }
        try await store.insertProject(project("last", number: "123456789012"), bindings: [], services: [])
        await #expect(throws: StoreError.limitReached) {
            try await store.insertProject(project("more", number: "123456789013"), bindings: [], services: [])
        }
        #expect(try await store.project("more") == nil)
    }

    @Test("finds a project by id and by number, and refuses a second of either", arguments: Kind.allCases)
    func projects(kind: Kind) async throws {
        let directory = try directory(kind)
        #expect(try await directory.project("demo") == nil)
        try await directory.insertProject(project("demo", number: "123456789012"), bindings: [], services: [])
        #expect(try await directory.project("demo") == project("demo", number: "123456789012"))
        #expect(try await directory.project("123456789012")?.id == "demo")
        for twin in [project("demo", number: "2"), project("other", number: "123456789012")] {
            await #expect(throws: StoreError.alreadyExists) {
                try await directory.insertProject(twin, bindings: [], services: [])
            }
        }
        #expect(try await directory.project("other") == nil)
    }

    @Test("adds a project with its policy and its services, or nothing of it", arguments: Kind.allCases)
    func wholeProjects(kind: Kind) async throws {
        let directory = try directory(kind)
        let bindings = [Binding(role: "roles/owner", members: ["user:alice@example.com"])]
        let services: Set = ["batch.googleapis.com", "logging.googleapis.com"]
        try await directory.insertProject(project("demo", number: "1"), bindings: bindings, services: services)
        let policy = try await directory.policy(of: .project("demo"))
        #expect(policy.bindings == bindings)
        #expect(!policy.etag.isEmpty)
        #expect(try await directory.enabledServices(project: "demo") == services)
        await #expect(throws: StoreError.alreadyExists) {
            try await directory.insertProject(
                project("demo", number: "2"), bindings: [Binding(role: "roles/owner", members: ["user:eve@x.org"])],
                services: ["run.googleapis.com"])
        }
        #expect(try await directory.policy(of: .project("demo")) == policy)
        #expect(try await directory.enabledServices(project: "demo") == services)
    }

    @Test("changes a project, all of it or nothing, and sees the change at once", arguments: Kind.allCases)
    func changes(kind: Kind) async throws {
        let directory = try directory(kind)
        var expected = project("demo", number: "1")
        try await directory.insertProject(expected, bindings: [], services: [])
        #expect(try await directory.project("1") == expected)
        expected.displayName = "New"
        expected.labels = [:]
        expected.updatedAt = time + 1
        expected.deletedAt = time + 2
        let wanted = expected
        let changed = try await directory.changeProject("1") { project in
            project.displayName = wanted.displayName
            project.labels = wanted.labels
            project.updatedAt = wanted.updatedAt
            project.deletedAt = wanted.deletedAt
        }
        #expect(changed == expected)
        #expect(try await directory.project("1") == expected)
        #expect(try await directory.projects(after: nil, limit: 9) == [expected])
        await #expect(throws: StoreError.conflict) {
            try await directory.changeProject("demo") { project in
                project.displayName = "Other"
                throw StoreError.conflict
            }
        }
        #expect(try await directory.project("demo") == expected)
        #expect(try await directory.changeProject("nothing") { $0.labels = [:] } == nil)
    }

    @Test("takes up projects that were made before they could be deleted")
    func earlierFile() async throws {
        let path = try #require(temporary).path + "/earlier.sqlite"
        do {
            let queue = try DatabaseQueue(path: path)
            try Migrations.migrator.migrate(queue, upTo: "credentials")
            try await queue.write { database in
                try database.execute(
                    sql: "INSERT INTO project (id, number, displayName, parent, labels, createdAt) "
                        + #"VALUES ('demo', '1', 'Demo', 'organizations/2', '{"team":"one"}', 12.5)"#)
            }
            try queue.close()
        }
        let project = try #require(try await SQLiteStore(path: path).project("demo"))
        #expect(project.createdAt == Date(timeIntervalSinceReferenceDate: 12.5))
        #expect(project.updatedAt == project.createdAt)
        #expect(project.labels == ["team": "one"])
        #expect(project.isActive)
    }

    @Test("lists projects by id, page by page", arguments: Kind.allCases)
    func pages(kind: Kind) async throws {
        let directory = try directory(kind)
        for (index, id) in ["cherry", "apple", "banana"].enumerated() {
            try await directory.insertProject(project(id, number: "\(index)"), bindings: [], services: [])
        }
        #expect(try await directory.projects(after: nil, limit: 2).map(\.id) == ["apple", "banana"])
        #expect(try await directory.projects(after: "banana", limit: 2).map(\.id) == ["cherry"])
        #expect(try await directory.projects(after: "cherry", limit: 2).isEmpty)
    }

    @Test("gives a policy a new etag with each write and refuses a stale one", arguments: Kind.allCases)
    func policies(kind: Kind) async throws {
        let directory = try directory(kind)
        let resource = Resource.project("demo")
        #expect(try await directory.policy(of: resource) == Policy())

        let viewers = [Binding(role: "roles/viewer", members: ["user:alice@example.com"])]
        let first = try await directory.setPolicy(viewers, of: resource, ifMatches: Data())
        #expect(first.bindings == viewers)
        #expect(first.etag.count >= 8)
        #expect(try await directory.policy(of: resource) == first)

        await #expect(throws: StoreError.conflict) {
            try await directory.setPolicy([], of: resource, ifMatches: Data())
        }
        let second = try await directory.setPolicy(viewers, of: resource, ifMatches: first.etag)
        #expect(second.etag != first.etag)
        await #expect(throws: StoreError.conflict) {
            try await directory.setPolicy([], of: resource, ifMatches: first.etag)
        }
        #expect(try await directory.policy(of: resource) == second)

        let blind = try await directory.setPolicy([], of: resource, ifMatches: nil)
        #expect(try await directory.policy(of: resource) == blind)
        #expect(try await directory.policy(of: .project("other")) == Policy())
    }

    @Test("lets one of many writers win who read the same policy", arguments: Kind.allCases)
    func race(kind: Kind) async throws {
        let directory = try directory(kind)
        let resource = Resource.organization("1")
        let wins = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    (try? await directory.setPolicy([], of: resource, ifMatches: Data())) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
    }

    @Test("remembers which services are enabled, each project for itself", arguments: Kind.allCases)
    func services(kind: Kind) async throws {
        let directory = try directory(kind)
        #expect(try await directory.enabledServices(project: "demo").isEmpty)
        for _ in 0..<2 { try await directory.setService("batch.googleapis.com", enabled: true, project: "demo") }
        #expect(try await directory.enabledServices(project: "demo") == ["batch.googleapis.com"])
        #expect(try await directory.enabledServices(project: "other").isEmpty)
        for _ in 0..<2 { try await directory.setService("batch.googleapis.com", enabled: false, project: "demo") }
        #expect(try await directory.enabledServices(project: "demo").isEmpty)
    }

    @Test("knows the default service account of each project and no other", arguments: Kind.allCases)
    func serviceAccounts(kind: Kind) async throws {
        let directory = try directory(kind)
        try await directory.insertProject(project("demo", number: "123456789012"), bindings: [], services: [])
        let email = "123456789012-compute@developer.gserviceaccount.com"
        #expect(try await directory.serviceAccount(email) == .serviceAccount(email: email, project: "demo"))
        for other in ["demo-compute@developer.gserviceaccount.com", "1-compute@developer.gserviceaccount.com", "x", ""]
        {
            #expect(try await directory.serviceAccount(other) == nil)
        }
    }

    @Test("survives that the file is closed and opened again")
    func reopened() async throws {
        let temporary = try #require(temporary)
        try await temporary.store.insertProject(project("demo", number: "123456789012"), bindings: [], services: [])
        let policy = try await temporary.store.setPolicy(
            [Binding(role: "roles/owner", members: ["user:alice@example.com"])], of: .project("demo"), ifMatches: nil)
        let again = try SQLiteStore(path: "\(temporary.path)/state.sqlite")
        #expect(try await again.project("demo") == project("demo", number: "123456789012"))
        #expect(try await again.policy(of: .project("demo")) == policy)
    }
}
