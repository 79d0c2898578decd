import Access
import Directory
import DirectorySupport
import Foundation
import Testing

@Suite("A directory")
struct DirectoryTests {
    private let organization = Resource.organization("987654321098")
    private let alice = Principal.user("alice@example.com")

    @Test("finds a project by id and by number, and refuses a second of either")
    func projects() async throws {
        let directory = try await Directory.ofExample()
        let project = try await directory.addProject("demo", number: "123456789012")
        #expect(directory.state.project("demo") == project)
        #expect(directory.state.project("123456789012") == project)
        #expect(directory.state.project("nothing") == nil)
        await #expect(throws: HierarchyError.numberTaken) {
            try await directory.addProject("other", number: "123456789012")
        }
        #expect(directory.state.project("other") == nil)
    }

    @Test("makes a change as a whole, or nothing of it")
    func atomicity() async throws {
        struct Stopped: Error {}
        let records = MemoryRecords()
        let directory = try await Directory.ofExample(records)
        let writes = records.writes
        await #expect(throws: Stopped.self) {
            try await directory.change { draft in
                let project = ProjectRecord(
                    id: "demo", number: "1", displayName: "", parent: .organization("987654321098"), createdAt: Date())
                try draft.put(project)
                try draft.setPolicy(Policy(bindings: []), of: .project("demo"))
                throw Stopped()
            }
        }
        #expect(directory.state.projects.count == 0)
        #expect(directory.state.policy(of: .project("demo")).etag.isEmpty)
        #expect(records.writes == writes)
    }

    @Test("changes nothing when it cannot be written down, and can be changed again afterwards")
    func full() async throws {
        let records = MemoryRecords()
        let directory = try await Directory.ofExample(records)
        records.fails = true
        await #expect(throws: MemoryRecords.Full.self) { try await directory.addProject("demo", number: "1") }
        #expect(directory.state.project("demo") == nil)
        records.fails = false
        try await directory.addProject("demo", number: "1")
        #expect(directory.state.project("1")?.id == "demo")
    }

    @Test("lets every change see those before it, and loses none")
    func manyWriters() async throws {
        let directory = try await Directory.ofExample()
        try await withThrowingDiscardingTaskGroup { group in
            for index in 0..<50 {
                group.addTask {
                    try await directory.grant("roles/viewer", to: "user:p\(index)@example.com", on: self.organization)
                }
            }
        }
        let members = Set(directory.state.policy(of: organization).bindings.flatMap(\.members))
        #expect(members.count == 50)
    }

    @Test("lets one of many writers win who read the same policy")
    func race() async throws {
        let directory = try await Directory.ofExample()
        let wins = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    let changed = try? await directory.change { draft in
                        try draft.setPolicy(Policy(), of: .organization("987654321098"), ifMatches: Data())
                    }
                    return changed != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
    }

    @Test("gives a policy a new etag with each write and refuses a stale one")
    func etags() async throws {
        let directory = try await Directory.ofExample()
        let resource = organization
        let viewers = Policy(bindings: [Binding(role: "roles/viewer", members: ["user:alice@example.com"])])
        let first = try await directory.change { try $0.setPolicy(viewers, of: resource, ifMatches: Data()) }
        #expect(first.bindings == viewers.bindings)
        #expect(first.etag.count >= 8)
        #expect(directory.state.policy(of: resource) == first)
        await #expect(throws: DirectoryError.conflict) {
            try await directory.change { try $0.setPolicy(viewers, of: resource, ifMatches: Data()) }
        }
        let second = try await directory.change { try $0.setPolicy(viewers, of: resource, ifMatches: first.etag) }
        #expect(second.etag != first.etag)
        await #expect(throws: DirectoryError.conflict) {
            try await directory.change { try $0.setPolicy(viewers, of: resource, ifMatches: first.etag) }
        }
        let blind = try await directory.setBindings([], of: resource)
        #expect(directory.state.policy(of: resource) == blind)
    }

    @Test("decides by a policy from the moment that its change returns")
    func atOnce() async throws {
        let directory = try await Directory.ofExample()
        try await directory.addProject("demo", number: "1")
        for _ in 0..<20 {
            try await directory.setBindings(
                [Binding(role: "roles/viewer", members: ["user:alice@example.com"])], of: .project("demo"))
            #expect(directory.decide(alice, "resourcemanager.projects.get", on: .project("demo")).isAllowed)
            try await directory.setBindings([], of: .project("demo"))
            #expect(!directory.decide(alice, "resourcemanager.projects.get", on: .project("demo")).isAllowed)
        }
    }

    @Test("completes a change whose caller has gone")
    func cancelled() async throws {
        let directory = try await Directory.ofExample()
        let task = Task { try await directory.addProject("demo", number: "1") }
        task.cancel()
        _ = try await task.value
        #expect(directory.state.project("demo") != nil)
    }

    @Test("forgets accounts and roles that nobody can take up again, and writes nothing where there are none")
    func forgetting() async throws {
        let records = MemoryRecords()
        let directory = try await Directory.ofExample(records)
        let demo = try await directory.addProject("demo", number: "1")
        let start = Date(timeIntervalSince1970: 1_790_000_000)
        let account = ServiceAccountRecord(
            email: "robot@demo.iam.gserviceaccount.com", uniqueID: "100", project: demo.id, createdAt: start)
        let name = CustomRole.Name(.project(demo.id), "etl")
        try await directory.change { draft in
            try draft.createAccount(account)
            try draft.deleteAccount(account, at: start)
            try draft.put(
                CustomRole(
                    name: name, title: "ETL", about: "", stage: .generalAvailability, permissions: [], etag: Data(),
                    deletedAt: start))
            let binding = Binding(role: name.text, members: ["user:alice@example.com"])
            try draft.setPolicy(Policy(bindings: [binding]), of: demo.resource)
        }
        let writes = records.writes
        func forget(afterDays days: Double) async throws {
            try await directory.change { try $0.forgetDeleted(at: start + days * 86_400) }
        }
        try await forget(afterDays: 29)
        #expect(records.writes == writes)
        #expect(directory.state.serviceAccounts["100"] != nil)
        try await forget(afterDays: 31)
        #expect(directory.state.serviceAccounts["100"] == nil)
        #expect(directory.state.roles[name.text] != nil)
        try await forget(afterDays: 38)
        #expect(directory.state.roles[name.text] == nil)
        #expect(directory.state.policy(of: demo.resource).bindings.isEmpty)
    }
}
