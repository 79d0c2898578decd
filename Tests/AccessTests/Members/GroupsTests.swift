import Testing

@testable import Access

@Suite("Groups")
struct GroupsTests {
    private let alice = Member.user("alice@example.com")

    @Test("contain the members of the groups in them, in circles too")
    func nested() throws {
        var groups = Groups()
        try groups.set([alice], of: "a@x.yz")
        try groups.set([.group("a@x.yz"), .group("c@x.yz")], of: "b@x.yz")
        try groups.set([.group("b@x.yz")], of: "c@x.yz")
        try groups.set([.user("bob@example.com")], of: "d@x.yz")
        #expect(groups.memberships(of: alice) == ["a@x.yz", "b@x.yz", "c@x.yz"])
        #expect(groups.memberships(of: .group("b@x.yz")) == ["b@x.yz", "c@x.yz"])
    }

    @Test("may lie a thousand deep within each other")
    func deep() throws {
        var groups = Groups()
        try groups.set([alice], of: "g0@x.yz")
        for number in 1..<1000 { try groups.set([.group("g\(number - 1)@x.yz")], of: "g\(number)@x.yz") }
        #expect(groups.memberships(of: alice).count == 1000)
    }

    @Test("are forgotten everywhere when they are removed: another of the same address inherits nothing")
    func removed() throws {
        var groups = Groups()
        try groups.set([alice], of: "a@x.yz")
        try groups.set([.group("a@x.yz")], of: "b@x.yz")
        groups.remove("a@x.yz")
        try groups.set([alice], of: "a@x.yz")
        #expect(groups.memberships(of: alice) == ["a@x.yz"])
        groups.removeEverywhere(alice)
        #expect(groups.memberships(of: alice).isEmpty)
        #expect(groups.members(of: "a@x.yz") == [])
    }

    @Test("have people, service accounts and groups in them, and not too many")
    func refused() {
        var groups = Groups()
        #expect(throws: GroupError.notAllowed("allUsers")) { try groups.set([alice, .allUsers], of: "a@x.yz") }
        let crowd = Set((0...Groups.maximumMembers).map { Member.user("u\($0)@x.yz") })
        #expect(throws: GroupError.tooManyMembers) { try groups.set(crowd, of: "a@x.yz") }
        #expect(groups.addresses.isEmpty)
    }
}
