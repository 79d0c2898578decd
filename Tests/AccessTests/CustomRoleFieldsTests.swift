import Testing

@testable import Access

@Suite("An update mask of a custom role")
struct CustomRoleFieldsTests {
    private let given = CustomRoleFields(title: "T", stage: .beta, permissions: ["batch.jobs.get"])

    @Test("that is missing stands for all that is given")
    func none() throws {
        #expect(try given.masked(by: nil) == given)
        #expect(try given.masked(by: []) == given)
    }

    @Test("leaves out what it does not name, and empties what it names and nobody gives")
    func some() throws {
        #expect(try given.masked(by: ["title"]) == CustomRoleFields(title: "T"))
        #expect(try given.masked(by: ["description", "stage"]) == CustomRoleFields(about: "", stage: .beta))
        #expect(try given.masked(by: ["included_permissions"]) == CustomRoleFields(permissions: ["batch.jobs.get"]))
        let nothing = CustomRoleFields()
        #expect(
            try nothing.masked(by: ["title", "included_permissions"]) == CustomRoleFields(title: "", permissions: []))
        #expect(try nothing.masked(by: ["stage"]) == CustomRoleFields(stage: .alpha))
        #expect(try given.masked(by: ["name", "etag", "title"]) == CustomRoleFields(title: "T"))
    }

    @Test("may name only fields that can be set", arguments: ["deleted", "titel", "", "*", "title.x"])
    func unknown(path: String) {
        let error = #expect(throws: RoleError.self) { try given.masked(by: ["title", path]) }
        #expect(error?.reason == .invalidArgument && error?.field == "update_mask")
    }
}
