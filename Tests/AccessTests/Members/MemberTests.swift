import Testing

@testable import Access

@Suite("A member")
struct MemberTests {
    private static let workload = "iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/ci"
    private static let workforce = "iam.googleapis.com/locations/global/workforcePools/staff"

    @Test(
        "is read from every form of an allow policy, and written in its canonical one",
        arguments: [
            ("user:Alice@Example.com", "user:alice@example.com", Member.user("alice@example.com")),
            (
                "serviceAccount:R@p.iam.gserviceaccount.com", "serviceAccount:r@p.iam.gserviceaccount.com",
                .serviceAccount("r@p.iam.gserviceaccount.com")
            ),
            ("group:Team@example.com", "group:team@example.com", .group("team@example.com")),
            ("domain:Example.com", "domain:example.com", .domain("example.com")),
            ("allUsers", "allUsers", .allUsers),
            ("allAuthenticatedUsers", "allAuthenticatedUsers", .allAuthenticatedUsers),
            (
                "deleted:user:A@b.cd?uid=12", "deleted:user:a@b.cd?uid=12",
                .deleted(Tombstone(.user, email: "a@b.cd", uid: "12"))
            ),
            (
                "deleted:serviceAccount:a@b.cd?uid=12", "deleted:serviceAccount:a@b.cd?uid=12",
                .deleted(Tombstone(.serviceAccount, email: "a@b.cd", uid: "12"))
            ),
            (
                "deleted:group:a@b.cd?uid=12", "deleted:group:a@b.cd?uid=12",
                .deleted(Tombstone(.group, email: "a@b.cd", uid: "12"))
            ),
        ])
    func allowForms(text: String, canonical: String, member: Member) {
        #expect(Member(text) == member)
        #expect(member.text == canonical)
    }

    @Test(
        "is read from the identifiers that allow and deny policies share",
        arguments: [
            ("principal://\(workforce)/subject/alice", Member.subject("alice", .workforce("staff"))),
            ("principalSet://\(workforce)/group/admins", .identities(.group("admins"), .workforce("staff"))),
            (
                "principalSet://\(workforce)/attribute.team/a/b",
                .identities(.attribute("team", "a/b"), .workforce("staff"))
            ),
            ("principalSet://\(workforce)/*", .identities(.all, .workforce("staff"))),
            ("principal://\(workload)/subject/repo:a/b:ref", .subject("repo:a/b:ref", .workload("ci", project: "123"))),
            ("principalSet://\(workload)/group/g", .identities(.group("g"), .workload("ci", project: "123"))),
            (
                "principalSet://\(workload)/attribute.repository/acme",
                .identities(.attribute("repository", "acme"), .workload("ci", project: "123"))
            ),
            ("principalSet://\(workload)/*", .identities(.all, .workload("ci", project: "123"))),
            (
                "principalSet://cloudresourcemanager.googleapis.com/projects/123/type/ServiceAccount",
                .accounts(.serviceAccount, in: "projects/123")
            ),
            (
                "principalSet://cloudresourcemanager.googleapis.com/folders/1/type/ServiceAgent",
                .accounts(.serviceAgent, in: "folders/1")
            ),
            (
                "principalSet://cloudresourcemanager.googleapis.com/organizations/1/type/ServiceAccount",
                .accounts(.serviceAccount, in: "organizations/1")
            ),
        ])
    func sharedForms(text: String, member: Member) {
        #expect(Member(text) == member)
        #expect(Member(identifier: text) == member)
        #expect(member.text == text)
        #expect(member.identifier == text)
    }

    @Test(
        "is read from the identifiers of deny policies alone",
        arguments: [
            ("principal://goog/subject/alice@example.com", Member.user("alice@example.com")),
            ("principal://iam.googleapis.com/projects/-/serviceAccounts/a@b.cd", .serviceAccount("a@b.cd")),
            ("principalSet://goog/group/team@example.com", .group("team@example.com")),
            ("principalSet://goog/public:all", .allUsers),
            ("principalSet://goog/cloudIdentityCustomerId/C01ab", .customer("C01ab")),
            ("deleted:principal://goog/subject/a@b.cd?uid=1", .deleted(Tombstone(.user, email: "a@b.cd", uid: "1"))),
            ("deleted:principalSet://goog/group/a@b.cd?uid=1", .deleted(Tombstone(.group, email: "a@b.cd", uid: "1"))),
        ])
    func denyForms(text: String, member: Member) {
        #expect(Member(identifier: text) == member)
        #expect(member.identifier == text)
        #expect(Member(text) == nil, "an allow policy has another form for it, or none")
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "alice@example.com", "user:", "user:alice", "user:älice@example.com", "users:a@b.cd", "allusers",
            "domain:example", "deleted:user:a@b.cd", "deleted:user:a@b.cd?uid=", "deleted:user:a@b.cd?uid=x",
            "deleted:domain:b.cd?uid=1", "deleted:allUsers?uid=1", "deleted:deleted:user:a@b.cd?uid=1?uid=2",
            "projectOwner:demo", "principal://iam.googleapis.com/x", "principal://\(workforce)",
            "principal://\(workforce)/subject/",
            "principalSet://\(workforce)/subject/a", "principal://\(workforce)/group/a",
            "principalSet://\(workforce)/attribute./a",
            "principalSet://\(workforce)/attribute.a/", "principalSet://\(workload)/",
            "principalSet://goog/public:some",
            "principal://iam.googleapis.com/projects/demo/locations/global/workloadIdentityPools/ci/subject/s",
            "principalSet://cloudresourcemanager.googleapis.com/projects/demo/type/ServiceAccount",
            "principalSet://cloudresourcemanager.googleapis.com/projects/1/type/User",
            "principalSet://cloudresourcemanager.googleapis.com/projects/1",
            "principal://run.googleapis.com/projects/1/name/locations/l/services/s",
            "user:" + String(repeating: "a", count: 3000) + "@example.com",
        ])
    func nothing(text: String) {
        #expect(Member(text) == nil)
        if !text.hasPrefix("principal") { #expect(Member(identifier: text) == nil) }
    }
}
