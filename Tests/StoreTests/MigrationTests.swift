import Directory
import Foundation
import GRDB
import Migration
import Testing

@testable import Store

/// A directory with a database file, removed at the end.
private struct Folder: ~Copyable {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
    var file: String { path + "/landfall.db" }
    var files: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
    var backups: [String] { get throws { try files.filter { $0.contains(".before-") } } }

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file as a Landfall did that knew the steps up to one of them.
    func write(upTo step: String, _ body: (Database) throws -> Void = { _ in }) throws {
        let pool = try DatabasePool(path: file)
        try Migrations.migrator.migrate(pool, upTo: step)
        try pool.write(body)
        try pool.close()
    }

    /// What a file says when it is asked as SQLite's own shell would.
    func ask(_ name: String, _ sql: String) throws -> [String] {
        try DatabaseQueue(path: "\(path)/\(name)").read { try String.fetchAll($0, sql: sql) }
    }
}

@Suite("Bringing a database file up to date")
struct MigrationTests {
    private static let steps = Migrations.migrator.migrations

    @Test("a project that an earlier schema kept is read, and the file as it was lies beside it")
    func backup() async throws {
        let folder = try Folder()
        try folder.write(upTo: "credentials") { database in
            try database.execute(
                sql: """
                    INSERT INTO organization VALUES ('1', 'example.com', 700000000);
                    INSERT INTO project (id, number, displayName, parent, labels, createdAt)
                    VALUES ('old', 123456789012, 'Old', 'organizations/1', '{"a":"b"}', 700000000)
                    """)
        }
        let state = try DirectoryState(SQLiteStore(path: folder.file).records())
        let project = try #require(state.project("old"))
        #expect(project.labels == ["a": "b"] && project.updatedAt == Date(timeIntervalSinceReferenceDate: 700_000_000))

        let name = "landfall.db.before-project-lifecycle"
        #expect(try folder.backups == [name])
        #expect(try folder.ask(name, "PRAGMA integrity_check") == ["ok"])
        #expect(try folder.ask(name, "SELECT id FROM project") == ["old"])
        #expect(try !folder.ask(name, "SELECT name FROM pragma_table_info('project')").contains("updatedAt"))
        let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("a POSIX account that an earlier schema kept is a part of a login profile")
    func posixAccounts() throws {
        let folder = try Folder()
        try folder.write(upTo: "records") { database in
            try database.execute(
                sql: "INSERT INTO posixAccount VALUES ('user:alice@example.com', 'alice_example_com', 4026531839)")
        }
        let state = try DirectoryState(SQLiteStore(path: folder.file).records())
        var profile = LoginProfileRecord(owner: "user:alice@example.com")
        profile.account = .init(username: "alice_example_com", uid: 4_026_531_839)
        #expect(state.loginProfiles.sorted == [profile])
    }

    @Test("a file of any earlier schema becomes the same as a new one", arguments: steps.dropLast())
    func everyStep(step: String) throws {
        let old = try Folder()
        let new = try Folder()
        try old.write(upTo: step)
        _ = try SQLiteStore(path: old.file)
        _ = try SQLiteStore(path: new.file)
        let tables = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
        #expect(try old.ask("landfall.db", tables) == new.ask("landfall.db", tables))
        #expect(try old.backups.count == 1)
    }

    @Test("a new file, and one that is up to date, are not copied")
    func nothingToDo() throws {
        let folder = try Folder()
        _ = try SQLiteStore(path: folder.file)
        _ = try SQLiteStore(path: folder.file)
        #expect(try folder.backups == [])
    }

    @Test("a copy that was not finished, and one of an earlier try, are replaced")
    func replacement() throws {
        let folder = try Folder()
        try folder.write(upTo: "credentials")
        let copy = Migration.backup(of: folder.file, before: "project lifecycle")
        for path in [copy, copy + ".partial"] { try Data("half".utf8).write(to: URL(filePath: path)) }
        _ = try SQLiteStore(path: folder.file)
        #expect(try folder.backups == ["landfall.db.before-project-lifecycle"])
        #expect(try folder.ask("landfall.db.before-project-lifecycle", "PRAGMA integrity_check") == ["ok"])
    }

    @Test("a file of a newer Landfall is refused, and left as it is")
    func newer() throws {
        let folder = try Folder()
        _ = try SQLiteStore(path: folder.file)
        let pool = try DatabasePool(path: folder.file)
        try pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('what is to come')") }
        try pool.close()
        #expect { try SQLiteStore(path: folder.file) } throws: { "\($0)".contains("a newer Landfall") }
        #expect(try folder.backups == [])
    }
}
