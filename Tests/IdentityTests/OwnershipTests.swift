import Access
import Store
import Testing

@testable import Identity

@Suite("An installation's owner")
struct OwnershipTests {
    private let temporary = try? TemporaryStore()

    private func store() throws -> SQLiteStore { try #require(temporary).store }

    private func owners(_ store: SQLiteStore) async throws -> [String] {
        try await store.policy(of: .project("demo")).bindings.filter { $0.role == "roles/owner" }.flatMap(\.members)
    }

    @Test("is the first person who logs in when nobody was named")
    func first() async throws {
        let store = try store()
        let ownership = Ownership(project: "demo", directory: store)
        try await ownership.open(owner: nil)
        #expect(try await store.project("demo") == nil)
        try await ownership.claim(by: .serviceAccount("x@y.iam.gserviceaccount.com"))
        #expect(try await store.project("demo") == nil)
        try await ownership.claim(by: .user("alice@example.com"))
        try await ownership.claim(by: .user("mallory@other.org"))
        #expect(try await owners(store) == ["user:alice@example.com"])
    }

    @Test("is one person when many log in at the same time")
    func together() async throws {
        let store = try store()
        let ownership = Ownership(project: "demo", directory: store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask { try await ownership.claim(by: .user("user\(number)@example.com")) }
            }
            try await group.waitForAll()
        }
        #expect(try await owners(store).count == 1)
        #expect(try await store.organizations().count == 1)
    }

    @Test("stays the owner at a later start that names nobody, or somebody else", arguments: [nil, "bob@example.com"])
    func later(name: String?) async throws {
        let store = try store()
        try await Ownership(project: "demo", directory: store).open(owner: "alice@example.com")
        let next = Ownership(project: "demo", directory: store)
        try await next.open(owner: name)
        try await next.claim(by: .user("bob@example.com"))
        #expect(try await owners(store) == ["user:alice@example.com"])
    }

    @Test("of a second project is the organization's when nobody is named")
    func secondProject() async throws {
        let store = try store()
        try await Ownership(project: "demo", directory: store).open(owner: "alice@example.com")
        try await Ownership(project: "other", directory: store).open(owner: nil)
        let bindings = try await store.policy(of: .project("other")).bindings
        #expect(bindings == [Binding(role: "roles/owner", members: ["user:alice@example.com"])])
    }
}
