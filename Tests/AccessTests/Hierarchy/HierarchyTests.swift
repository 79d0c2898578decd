import Testing

@testable import Access

@Suite("The hierarchy")
struct HierarchyTests {
    private let organization = Resource.organization("1")

    private func small() throws -> Hierarchy {
        var hierarchy = Hierarchy()
        hierarchy.put(Organization(number: "1", domain: "example.com", customer: "C1"))
        try hierarchy.put(Folder(number: "10", parent: organization))
        try hierarchy.put(Folder(number: "11", parent: .folder("10")))
        try hierarchy.put(Project(id: "demo", number: "123", parent: .folder("11")))
        return hierarchy
    }

    @Test("leads from a resource up to its organization")
    func holders() throws {
        let above: [Resource] = [.project("demo"), .folder("11"), .folder("10"), organization]
        let hierarchy = try small()
        let job = Resource.job("etl", location: "l", project: "demo")
        let execution = Resource.other(
            service: "run.googleapis.com", path: "projects/demo/locations/l/jobs/etl/executions/e", project: "demo")
        let location = Resource.other(
            service: "batch.googleapis.com", path: "projects/demo/locations/l", project: "demo")
        #expect(hierarchy.holders(for: .project("demo")) == above)
        #expect(hierarchy.holders(for: job) == [job] + above)
        #expect(hierarchy.holders(for: execution) == [job] + above)
        #expect(hierarchy.holders(for: location) == above)
        #expect(hierarchy.holders(for: .project("other")) == [])
    }

    @Test("knows projects by id and by number")
    func canonical() throws {
        let hierarchy = try small()
        #expect(hierarchy.canonical(.project("123")) == .project("demo"))
        #expect(
            hierarchy.canonical(.secret("key", project: "123")) == .secret("key", project: "demo"))
        let byNumber = Resource.other(service: "x.googleapis.com", path: "projects/123/x", project: "123")
        #expect(hierarchy.canonical(byNumber)?.path == "projects/demo/x")
        #expect(hierarchy.canonical(.project("124")) == nil)
        #expect(hierarchy.canonical(.folder("12")) == nil)
    }

    @Test("has workforce pools directly in organizations")
    func workforcePools() throws {
        var hierarchy = try small()
        let pool = Resource.workforcePool("staff")
        #expect(hierarchy.canonical(pool) == nil)
        #expect(throws: HierarchyError.noParent) { try hierarchy.setWorkforcePool("staff", in: "99") }
        try hierarchy.setWorkforcePool("staff", in: "1")
        #expect(hierarchy.holders(for: pool) == [pool, organization])
        #expect(hierarchy.children(of: organization).allSatisfy { $0 != pool })
        try hierarchy.setWorkforcePool("staff", in: nil)
        #expect(hierarchy.canonical(pool) == nil)
    }

    @Test("moves a folder with all that lies in it")
    func move() throws {
        var hierarchy = try small()
        try hierarchy.put(Folder(number: "11", parent: organization))
        #expect(hierarchy.lineage(of: .project("demo")) == [.project("demo"), .folder("11"), organization])
    }

    @Test("stays a tree with at most ten folders within each other")
    func refused() throws {
        var hierarchy = try small()
        #expect(throws: HierarchyError.cycle) { try hierarchy.put(Folder(number: "10", parent: .folder("11"))) }
        #expect(throws: HierarchyError.noParent) { try hierarchy.put(Folder(number: "12", parent: .folder("99"))) }
        #expect(throws: HierarchyError.noParent) { try hierarchy.put(Folder(number: "12", parent: .project("demo"))) }
        #expect(throws: HierarchyError.notEmpty) { try hierarchy.remove(.folder("11")) }
        #expect(throws: HierarchyError.numberTaken) {
            try hierarchy.put(Project(id: "other", number: "123", parent: organization))
        }
        for number in 12...19 { try hierarchy.put(Folder(number: "\(number)", parent: .folder("\(number - 1)"))) }
        #expect(throws: HierarchyError.tooDeep) { try hierarchy.put(Folder(number: "20", parent: .folder("19"))) }
        // A tall folder cannot be put below another either.
        try hierarchy.put(Folder(number: "30", parent: organization))
        #expect(throws: HierarchyError.tooDeep) { try hierarchy.put(Folder(number: "10", parent: .folder("30"))) }
        #expect(hierarchy.folder("10")?.parent == organization)
    }

    @Test("forgets what is removed")
    func removed() throws {
        var hierarchy = try small()
        try hierarchy.remove(.project("demo"))
        #expect(hierarchy.project("123") == nil)
        #expect(hierarchy.lineage(of: .project("demo")).isEmpty)
        try hierarchy.put(Project(id: "new", number: "123", parent: organization))
        #expect(hierarchy.project("123")?.id == "new")
    }
}
