import Access
import Directory
import Foundation
import GRDB
import Testing

@testable import Store

@Suite("The records of a directory, kept in SQLite")
struct RecordStoreTests {
    private let temporary = try? TemporaryStore()

    private func change(_ key: String, _ value: String?) -> RecordChange {
        RecordChange(kind: "project", key: key, value: value.map { Data($0.utf8) })
    }

    @Test("are written, replaced and removed, and come back when the file is opened again")
    func reopened() async throws {
        let temporary = try #require(temporary)
        try await temporary.store.write([change("a", "{}"), change("b", "{}"), change("c", "{}")])
        try await temporary.store.write([change("a", #"{"é":1}"#), change("b", nil), change("nothing", nil)])
        let records = try SQLiteStore(path: "\(temporary.path)/state.sqlite").records()
        #expect(
            Set(records) == [
                StoredRecord(kind: "project", key: "a", value: Data(#"{"é":1}"#.utf8)),
                StoredRecord(kind: "project", key: "c", value: Data("{}".utf8)),
            ])
    }

    @Test("are those of the tables that a directory had before")
    func earlierFile() async throws {
        let path = try #require(temporary).path + "/earlier.sqlite"
        let bindings = #"[{"role":"roles/owner","members":["user:alice@example.com"]}]"#
        do {
            let queue = try DatabaseQueue(path: path)
            try Migrations.migrator.migrate(queue, upTo: "project lifecycle")
            try await queue.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO organization VALUES ('2', 'example.com', 11.5);
                        INSERT INTO project (id, number, displayName, parent, labels, createdAt, updatedAt, deletedAt)
                        VALUES ('demo', '1', 'Demo', 'organizations/2', '{"team":"one"}', 12.5, 13.5, NULL),
                            ('gone', '3', 'Gone', 'organizations/2', '{}', 12.5, 13.5, 14.5);
                        INSERT INTO enabledService VALUES ('demo', 'batch.googleapis.com'), ('demo', 'x.googleapis.com');
                        """)
                try database.execute(
                    sql: "INSERT INTO policy VALUES ('//cloudresourcemanager.googleapis.com/projects/demo', ?, ?)",
                    arguments: [bindings, Data([0xff, 0x00, 0x01])])
            }
            try queue.close()
        }
        let directory = try Directory(SQLiteStore(path: path))
        let state = directory.state
        let demo = try #require(state.project("1"))
        #expect(demo.id == "demo" && demo.labels == ["team": "one"] && demo.isActive)
        #expect(demo.createdAt == Date(timeIntervalSinceReferenceDate: 12.5))
        #expect(demo.updatedAt == Date(timeIntervalSinceReferenceDate: 13.5))
        #expect(state.project("gone")?.deletedAt == Date(timeIntervalSinceReferenceDate: 14.5))
        #expect(state.organizations["2"]?.domain == "example.com")
        #expect(state.services["demo"]?.names == ["batch.googleapis.com", "x.googleapis.com"])
        #expect(state.policy(of: .project("demo")).etag == Data([0xff, 0x00, 0x01]))
        let context = RequestContext(time: Date())
        let alice = Principal.user("alice@example.com")
        #expect(directory.decide(alice, "batch.jobs.create", on: .project("demo"), in: context).isAllowed)
    }
}
