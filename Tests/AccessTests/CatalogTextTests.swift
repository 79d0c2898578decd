import Foundation
import Testing

@testable import Access

@Suite("The files of the catalogue")
struct CatalogTextTests {
    @Test("know every permission that they name, name none twice, and are sorted")
    func faultless() {
        #expect(PermissionTable.known.faults == [])
        #expect(RoleReader(.roles).faults == [])
    }

    @Test("give every permission to some role")
    func noOrphans() {
        var held = PermissionSet()
        for role in RoleCatalog.predefined.predefinedRoles { held.formUnion(role.permissions) }
        #expect(held.count == PermissionTable.known.count)
    }

    @Test("are all part of the program")
    func complete() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let folder = root.appending(path: "Sources/PredefinedRoles/roles")
        var names: [String] = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            names += text.split(separator: "\n").filter { $0.hasPrefix("roles/") }.map(String.init)
        }
        #expect(RoleCatalog.predefined.names == names.sorted())
    }

    @Test(
        "of permissions are refused by line",
        arguments: [
            ("a.b get\na.b get\n", 2), ("b.b get\na.b get\n", 2), ("a.b get on=moon\n", 1), ("a.b get +moon\n", 1),
            ("# a comment\n\na.b get custom=maybe\n", 3),
        ])
    func wrongPermissions(text: String, line: Int) {
        #expect(PermissionTable(CatalogText(text)).faults.map(\.line) == [line])
    }

    @Test("say of permissions what their marks say")
    func marks() throws {
        let table = PermissionTable(
            CatalogText("a.b get\na.b set +job custom=no\na.c put on=organization custom=testing\n"))
        #expect(table.faults == [])
        #expect(try #require(table["a.b.get"]).grantableOn == [.organization, .folder, .project])
        #expect(try #require(table["a.b.set"]).grantableOn == [.organization, .folder, .project, .job])
        #expect(try #require(table["a.b.set"]).customRoles == .notSupported)
        #expect(try #require(table["a.c.put"]).grantableOn == [.organization])
        #expect(try #require(table["a.c.put"]).customRoles == .testing)
        #expect(table.testable(on: .job).map(\.permission) == ["a.b.set"])
        #expect(table.testable(on: .organization).count == 3)
    }

    @Test(
        "of roles are refused by line",
        arguments: [
            ("roles/x\n title X\n about X.\n a.b sing\n", 4), ("roles/x\n title X\n about X.\n a.b get get\n", 4),
            ("roles/x\n title X\n about X.\n a.c put\n a.b get\n", 5), ("roles/x\n title X\n", 1),
            ("roles/x\n title X\n about X.\n includes roles/y\n", 4), ("x\n title X\n about X.\n", 1),
            ("roles/x\n title X\n about X.\n elsewhere many\n", 4), ("roles/x\n title X\n about X.\n on moon\n", 4),
            ("roles/x\n title X\n about X.\n stage LATE\n", 4),
            ("roles/x\n title X\n about X.\n\nroles/x\n title X\n about X.\n", 5),
            ("roles/x\n title X\n about X.\n a.b\n", 4),
            ("roles/x\n title X\n about X.\n a.b get\nroles/y\n title Y\n about Y.\n includes roles/x\n a.b get\n", 9),
        ])
    func wrongRoles(text: String, line: Int) {
        let table = PermissionTable(CatalogText("a.b get set\na.c put\n"))
        #expect(RoleReader(CatalogText(text), table: table).faults.map(\.line) == [line])
    }

    @Test("give a role what it says and what it includes")
    func role() throws {
        let table = PermissionTable(CatalogText("a.b get set +job\na.c put\n"))
        let text = """
            roles/x
              title The X
              about Sees it.
              a.b get

            roles/y
              title The Y
              about Sets it.
              stage BETA
              includes roles/x
              elsewhere 7
              a.b set

            """
        let reader = RoleReader(CatalogText(text), table: table)
        #expect(reader.faults == [])
        let role = try #require(reader.roles.last)
        #expect(role.title == "The Y" && role.about == "Sets it." && role.stage == .beta)
        #expect(role.permissions.count == 2 && role.size == 9 && role.power == 8)
        #expect(role.types == [.organization, .folder, .project, .job])
    }
}
