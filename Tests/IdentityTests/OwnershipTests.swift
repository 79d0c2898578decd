import Access
import Directory
import DirectorySupport
import Testing

@testable import Identity

@Suite("An installation's owner")
struct OwnershipTests {
    private func directory() throws -> Directory { try Directory(MemoryRecords()) }

    private func owners(_ directory: Directory) -> [String] {
        directory.state.policy(of: .project("demo")).bindings.filter { $0.role == "roles/owner" }.flatMap(\.members)
    }

    @Test("is the first person who logs in when nobody was named")
    func first() async throws {
        let directory = try directory()
        let ownership = Ownership(project: "demo", directory: directory)
        try await ownership.open(owner: nil)
        #expect(directory.state.project("demo") == nil)
        try await ownership.claim(by: .serviceAccount("x@y.iam.gserviceaccount.com"))
        #expect(directory.state.project("demo") == nil)
        try await ownership.claim(by: .user("alice@example.com"))
        try await ownership.claim(by: .user("mallory@other.org"))
        #expect(owners(directory) == ["user:alice@example.com"])
    }

    @Test("is one person when many log in at the same time")
    func together() async throws {
        let directory = try directory()
        let ownership = Ownership(project: "demo", directory: directory)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask { try await ownership.claim(by: .user("user\(number)@example.com")) }
            }
            try await group.waitForAll()
        }
        #expect(owners(directory).count == 1)
        #expect(directory.state.organizations.count == 1)
    }

    @Test("stays the owner at a later start that names nobody, or somebody else", arguments: [nil, "bob@example.com"])
    func later(name: String?) async throws {
        let directory = try directory()
        try await Ownership(project: "demo", directory: directory).open(owner: "alice@example.com")
        let next = Ownership(project: "demo", directory: directory)
        try await next.open(owner: name)
        try await next.claim(by: .user("bob@example.com"))
        #expect(owners(directory) == ["user:alice@example.com"])
    }

    @Test("of a second project is the organization's when nobody is named")
    func secondProject() async throws {
        let directory = try directory()
        try await Ownership(project: "demo", directory: directory).open(owner: "alice@example.com")
        try await Ownership(project: "other", directory: directory).open(owner: nil)
        let bindings = directory.state.policy(of: .project("other")).bindings
        #expect(bindings.first == Binding(role: "roles/owner", members: ["user:alice@example.com"]))
    }
}
