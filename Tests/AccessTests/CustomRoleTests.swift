import Foundation
import Testing

@testable import Access

@Suite("A custom role")
struct CustomRoleTests {
    private let rules = CustomRoleRules()
    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let name = CustomRole.Name(.project("demo"), "etl")

    private func make(
        _ name: CustomRole.Name? = nil, _ fields: CustomRoleFields = CustomRoleFields(), siblings: [CustomRole] = []
    ) throws(RoleError) -> CustomRole {
        try rules.create(name ?? self.name, fields, siblings: siblings, etag: Data([1]), at: now)
    }

    private func refusal(_ body: () throws -> CustomRole) -> RoleError? {
        #expect(throws: RoleError.self) { try body() }
    }

    @Test("begins in alpha, with its permissions sorted and each once")
    func create() throws {
        let role = try make(
            nil, CustomRoleFields(title: "ETL", permissions: ["run.jobs.run", "batch.jobs.get", "run.jobs.run"]))
        #expect(role.name.text == "projects/demo/roles/etl")
        #expect(role.title == "ETL" && role.about.isEmpty && role.stage == .alpha && role.deletedAt == nil)
        #expect(role.permissions == ["batch.jobs.get", "run.jobs.run"])
        #expect(role.role.contains("run.jobs.run") && !role.role.contains("run.jobs.create"))
        #expect(role.role.parent == .project("demo"))
    }

    @Test(
        "has an id of 3 to 64 letters, digits, underscores and dots",
        arguments: [
            ("abc", true), ("A_b.9", true), (String(repeating: "x", count: 64), true), ("ab", false), ("", false),
            (String(repeating: "x", count: 65), false), ("a-b-c", false), ("a/bc", false), ("rolé", false),
            ("a b c", false),
        ])
    func ids(id: String, isGood: Bool) {
        let name = CustomRole.Name(.project("demo"), id)
        if isGood {
            #expect(throws: Never.self) { try make(name) }
        } else {
            #expect(refusal { try make(name) }?.reason == .invalidArgument)
        }
    }

    @Test(
        "has a name of its project or organization",
        arguments: [
            ("projects/demo/roles/etl", CustomRole.Name(.project("demo"), "etl")),
            ("organizations/12/roles/etl", CustomRole.Name(.organization("12"), "etl")),
            ("folders/12/roles/etl", nil), ("roles/etl", nil), ("projects/demo/roles/", nil),
            ("projects//roles/etl", nil),
            ("projects/demo/roles/etl/x", nil), ("projects/demo/jobs/etl", nil), ("", nil),
        ] as [(String, CustomRole.Name?)])
    func names(text: String, name: CustomRole.Name?) {
        #expect(CustomRole.Name(text) == name)
        if let name { #expect(name.text == text) }
    }

    @Test("counts bytes in its title and description")
    func lengths() throws {
        let hundred = String(repeating: "é", count: 50)
        #expect(try make(nil, CustomRoleFields(title: hundred)).title == hundred)
        #expect(refusal { try make(nil, CustomRoleFields(title: hundred + "x")) }?.field == "role.title")
        let about = String(repeating: "x", count: 300)
        #expect(try make(nil, CustomRoleFields(about: about)).about == about)
        #expect(refusal { try make(nil, CustomRoleFields(about: about + "x")) }?.field == "role.description")
    }

    @Test(
        "contains only permissions that custom roles of its parent may contain",
        arguments: [
            ("batch.jobs.create", nil, nil),
            ("resourcemanager.projects.get", nil, nil),
            ("resourcemanager.projects.list", "is not valid.", nil),
            ("resourcemanager.organizations.get", "is not valid.", nil),
            ("resourcemanager.folders.create", "is not valid.", nil),
            ("batch.jobs.sing", "is not valid.", "is not valid."),
            ("batch.jobs.*", "is not valid.", "is not valid."),
            ("bigquery.jobs.create", "Landfall knows no permissions", "Landfall knows no permissions"),
            ("", "is not valid.", "is not valid."),
            ("iam.denypolicies.create", "is not supported in custom roles.", "is not supported in custom roles."),
            ("orgpolicy.policy.set", "is not supported in custom roles.", "is not supported in custom roles."),
            ("iam.denypolicies.get", nil, nil),
        ] as [(String, String?, String?)])
    func permissions(permission: String, inProject: String?, inOrganization: String?) {
        let fields = CustomRoleFields(permissions: ["batch.jobs.get", Permission(permission)])
        for (parent, text) in [
            (CustomRole.Parent.project("demo"), inProject), (.organization("12"), inOrganization),
        ] {
            let name = CustomRole.Name(parent, "etl")
            if let text {
                let error = refusal { try make(name, fields) }
                #expect(error?.reason == .invalidArgument && error?.message.contains(text) == true)
                #expect(error?.message.hasPrefix("Permission \(permission)") == true)
            } else {
                #expect(throws: Never.self) { try make(name, fields) }
            }
        }
    }

    @Test("has at most 3,000 permissions and 64 KiB")
    func bounds() throws {
        let many = (0...3000).map { Permission("batch.jobs.verb\($0)") }
        #expect(refusal { try make(nil, CustomRoleFields(permissions: many)) }?.message.contains("3001") == true)
        let long = (0..<1000).map { Permission("batch.jobs.\($0)" + String(repeating: "x", count: 60)) }
        #expect(refusal { try make(nil, CustomRoleFields(permissions: long)) }?.message.contains("65536") == true)
    }

    @Test("is one of at most 300 of its parent, of which those that are gone do not count")
    func limit() throws {
        var siblings: [CustomRole] = []
        for number in 0..<300 {
            siblings.append(try make(CustomRole.Name(.project("demo"), "role\(number)"), siblings: siblings))
        }
        #expect(refusal { try make(siblings: siblings) }?.reason == .resourceExhausted)
        let longAgo = now.addingTimeInterval(-CustomRole.nameKept)
        siblings[7] = try rules.delete(siblings[7], ifMatches: nil, etag: Data([2]), at: longAgo)
        #expect(throws: Never.self) { try make(siblings: siblings) }
    }

    @Test("cannot be made twice")
    func exists() throws {
        let error = refusal { try make(siblings: [try make()]) }
        #expect(error?.reason == .alreadyExists)
        #expect(error?.message == "A role named etl in projects/demo already exists.")
    }

    @Test("changes in the fields that are given, and in no others")
    func patch() throws {
        let fields = CustomRoleFields(title: "A", about: "B", stage: .beta, permissions: ["batch.jobs.get"])
        let role = try make(nil, fields)
        let changed = try rules.patch(
            role, CustomRoleFields(title: "C"), ifMatches: role.etag, etag: Data([2]), at: now)
        #expect(changed.title == "C" && changed.about == "B" && changed.stage == .beta)
        #expect(changed.permissions == role.permissions && changed.etag == Data([2]))
        let error = refusal {
            try rules.patch(
                role, CustomRoleFields(permissions: ["no.such.thing"]), ifMatches: nil, etag: Data(), at: now)
        }
        #expect(error?.reason == .invalidArgument)
    }

    @Test("is changed, deleted and undeleted only by who knows its etag or does not ask for it")
    func etags() throws {
        let role = try make()
        let stale = Data([9])
        let deleted = try rules.delete(role, ifMatches: Data(), etag: Data([2]), at: now)
        #expect(
            refusal { try rules.patch(role, CustomRoleFields(), ifMatches: stale, etag: stale, at: now) }?.reason
                == .aborted)
        #expect(refusal { try rules.delete(role, ifMatches: stale, etag: stale, at: now) }?.reason == .aborted)
        #expect(refusal { try rules.undelete(deleted, ifMatches: stale, etag: stale, at: now) }?.reason == .aborted)
        #expect(try rules.undelete(deleted, ifMatches: Data([2]), etag: Data([3]), at: now).etag == Data([3]))
    }

    @Test("that is disabled grants nothing and keeps its permissions")
    func disabled() throws {
        let role = try make(nil, CustomRoleFields(stage: .disabled, permissions: ["batch.jobs.get"]))
        #expect(role.role.permissions.isEmpty && role.permissions == ["batch.jobs.get"])
        let enabled = try rules.patch(
            role, CustomRoleFields(stage: .generalAvailability), ifMatches: nil, etag: Data(), at: now)
        #expect(enabled.role.contains("batch.jobs.get"))
    }

    @Test(
        "that was deleted goes in steps",
        arguments: [
            (0, .deleted), (604_799, .deleted), (604_800, .purging), (3_196_799, .purging), (3_196_800, .gone),
            (-5, .deleted),
        ] as [(TimeInterval, CustomRole.Standing)])
    func steps(age: TimeInterval, standing: CustomRole.Standing) throws {
        let role = try make(nil, CustomRoleFields(permissions: ["batch.jobs.get"]))
        #expect(role.standing(at: now) == .active)
        let deleted = try rules.delete(role, ifMatches: nil, etag: Data([2]), at: now)
        let later = now.addingTimeInterval(age)
        #expect(deleted.standing(at: later) == standing)
        #expect(deleted.role.permissions.isEmpty && deleted.role.isDeleted)
        let restored = try? rules.undelete(deleted, ifMatches: nil, etag: Data([3]), at: later)
        #expect((restored != nil) == (standing == .deleted))
        if let restored { #expect(restored.role.contains("batch.jobs.get") && restored.deletedAt == nil) }
        let again = try? rules.create(name, CustomRoleFields(), siblings: [deleted], etag: Data([4]), at: later)
        #expect((again != nil) == (standing == .gone))
        #expect(rules.list([deleted], showDeleted: true, at: later).isEmpty == (standing != .deleted))
        #expect(rules.list([deleted], showDeleted: false, at: later).isEmpty)
    }

    @Test("that is deleted says what cannot be done with it")
    func deletedErrors() throws {
        let role = try make()
        let deleted = try rules.delete(role, ifMatches: nil, etag: Data([2]), at: now)
        let full = "(projects/demo/roles/etl)"
        let errors = [
            refusal { try make(siblings: [deleted]) },
            refusal { try rules.delete(deleted, ifMatches: nil, etag: Data(), at: now) },
            refusal { try rules.patch(deleted, CustomRoleFields(title: "x"), ifMatches: nil, etag: Data(), at: now) },
            refusal { try rules.undelete(role, ifMatches: nil, etag: Data(), at: now) },
        ]
        #expect(errors.allSatisfy { $0?.reason == .failedPrecondition })
        #expect(
            errors[0]?.message
                == "You can't create a role with role_id (etl) where there is an existing role with that role_id in a "
                + "deleted state.")
        #expect(errors[1]?.message == "You can't delete role_id \(full) as it is already deleted.")
        #expect(errors[2]?.message.contains(full) == true)
        #expect(errors[3]?.message == "You can't undelete role_id \(full) as it is not deleted.")
        let late = now.addingTimeInterval(CustomRole.undeletable)
        #expect(refusal { try rules.undelete(deleted, ifMatches: nil, etag: Data(), at: late) }?.reason == .notFound)
        #expect(refusal { try rules.delete(deleted, ifMatches: nil, etag: Data(), at: late) }?.reason == .notFound)
    }

    @Test("is listed by name, and once it is deleted on request")
    func list() throws {
        let roles = try ["zzz", "aaa", "mmm"].map { try make(CustomRole.Name(.project("demo"), $0)) }
        let deleted = try rules.delete(roles[0], ifMatches: nil, etag: Data([2]), at: now)
        let all = [deleted, roles[1], roles[2]]
        #expect(rules.list(all, showDeleted: false, at: now).map(\.name.id) == ["aaa", "mmm"])
        #expect(rules.list(all, showDeleted: true, at: now).map(\.name.id) == ["aaa", "mmm", "zzz"])
    }

    @Test("is stored and read again as it was")
    func codable() throws {
        let role = try make(nil, CustomRoleFields(title: "ETL", stage: .beta, permissions: ["batch.jobs.get"]))
        let deleted = try rules.delete(role, ifMatches: nil, etag: Data([2]), at: now)
        for value in [role, deleted] {
            #expect(try JSONDecoder().decode(CustomRole.self, from: try JSONEncoder().encode(value)) == value)
        }
    }
}
