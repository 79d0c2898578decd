import Testing

@testable import Access

@Suite("What has changed in a list of bindings")
struct BindingChangeTests {
    private static func bindings(_ text: String) -> [Binding] {
        text.map { Binding(role: "roles/viewer", members: ["user:\($0)@example.com"]) }
    }

    @Test(
        "is between what both begin with and what both end with",
        arguments: [
            ("", "", 0..<0, 0..<0), ("abc", "abc", 3..<3, 3..<3), ("abc", "abXc", 2..<2, 2..<3),
            ("abc", "ac", 1..<2, 1..<1), ("abc", "aXc", 1..<2, 1..<2), ("abc", "", 0..<3, 0..<0),
            ("", "abc", 0..<0, 0..<3), ("aa", "aaa", 2..<2, 2..<3), ("aaa", "aa", 2..<3, 2..<2),
            ("abc", "Xbc", 0..<1, 0..<1), ("abc", "abX", 2..<3, 2..<3), ("abcd", "XbcY", 0..<4, 0..<4),
        ])
    func ranges(before: String, after: String, old: Range<Int>, new: Range<Int>) {
        let change = BindingChange(from: Self.bindings(before), to: Self.bindings(after))
        #expect(change.old == old)
        #expect(change.new == new)
    }

    @Test("is all that is looked at in a policy, and the policy is the same as if all of it were")
    func canonical() throws {
        let rules = PolicyRules(roles: .predefined)
        var current = Policy(bindings: [])
        for round in 0..<50 {
            var bindings = current.bindings
            let role = ["roles/viewer", "roles/editor", "roles/batch.jobsEditor"][round % 3]
            let binding = Binding(
                role: role, members: ["user:P\(round)@Example.com", "user:p\(round / 2)@example.com"])
            bindings.insert(binding, at: round * 7 % (bindings.count + 1))
            if round % 5 == 4 { bindings.remove(at: round * 3 % bindings.count) }
            let resource = Resource.project("demo")
            let beside = try rules.canonical(
                Policy(bindings: bindings), at: PolicySite(resource, current: current))
            let alone = try rules.canonical(Policy(bindings: bindings), at: PolicySite(resource))
            #expect(beside == alone)
            current = beside
        }
    }
}
