import Testing

@testable import Access

@Suite("A pool that is gone for good")
struct PolicyPoolTests {
    private let pool = Pool.workload("ci", project: "123")
    private let own = [
        "principal://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/ci/subject/a",
        "principalSet://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/ci/*",
    ]
    private let others = [
        "principal://iam.googleapis.com/projects/124/locations/global/workloadIdentityPools/ci/subject/a",
        "principalSet://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/ci-2/*",
        "user:alice@example.com",
    ]

    @Test("is granted nothing any more")
    func allowed() throws {
        let policy = Policy(bindings: [
            Binding(role: "roles/viewer", members: own + others), Binding(role: "roles/editor", members: own),
        ])
        let forgetting = try #require(policy.forgetting(pool))
        #expect(forgetting.bindings == [Binding(role: "roles/viewer", members: others)])
        #expect(forgetting.forgetting(pool) == nil)
    }

    @Test("is no exception any more, and stays denied what it is denied")
    func denied() {
        let rule = DenyRule(
            deniedPrincipals: own, exceptionPrincipals: own + others.dropLast(),
            deniedPermissions: ["iam.googleapis.com/roles.list"])
        var policy = DenyPolicy(id: "d", rules: [rule])
        let isChanged = policy.forgetExceptions(of: pool)
        #expect(isChanged)
        #expect(policy.rules[0].deniedPrincipals == own)
        #expect(policy.rules[0].exceptionPrincipals == Array(others.dropLast()))
        let again = policy.forgetExceptions(of: pool)
        #expect(!again)
    }
}
