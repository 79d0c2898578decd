import Access
import Directory
import DirectorySupport
import Testing
import Workload

@testable import Identity

@Suite("OS Login accounts")
struct OSLoginTests {
    private let directory: Directory
    private let demo: ProjectRecord

    init() async throws {
        directory = try await Directory.ofExample()
        demo = try await directory.addProject("demo", number: "123456789012")
    }

    private func account(of principal: Principal) async throws -> PosixAccount {
        let osLogin = OSLogin(directory: directory)
        return try await osLogin.account(of: osLogin.user(principal), in: demo)
    }

    @Test(
        "are named after the e-mail address",
        arguments: [
            ("alice@example.com", "alice_example_com"),
            ("alice.b+c@example.com", "alice_b_c_example_com"),
            ("alice-b@example.com", "alice-b_example_com"),
            ("-b@example.com", "_-b_example_com"),
            ("bob@other.org", "ext_bob_other_org"),
            ("bob@sub.example.com", "ext_bob_sub_example_com"),
            ("a.very.long.name.indeed@example.com", "a_very_long_name_indeed_example_"),
        ])
    func names(email: String, username: String) async throws {
        let account = try await account(of: .user(email))
        #expect(account.username == username)
        #expect(account.username.count <= 32)
        #expect(account.home == "/home/\(username)")
        #expect(account.shell == "/bin/bash")
        #expect(account.gid == account.uid)
        #expect(OSLoginName.uids.contains(account.uid))
    }

    @Test("of identities of pools are named after their subject")
    func federated() async throws {
        let pool = "principal://iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/ci/subject/"
        guard case .subject(let subject, let pool)? = Member(pool + "repo:main") else {
            throw OSLoginError(.unauthenticated)
        }
        let identity = Principal.federated(FederatedIdentity(pool: pool, subject: subject, groups: ["devs"]))
        #expect(try await account(of: identity).username == "ext_repo_main")
    }

    @Test("of service accounts are named after their unique id, and not handed on to another of the same address")
    func serviceAccount() async throws {
        let email = "etl@demo.iam.gserviceaccount.com"
        var record = ServiceAccountRecord(
            email: email, uniqueID: "100000000000000000001", project: "demo", createdAt: demo.createdAt)
        try await directory.change { [record] in try $0.put(record) }
        let first = try await account(of: .serviceAccount(email))
        #expect(first.username == "sa_100000000000000000001")
        #expect(try await account(of: .serviceAccount(email, uniqueID: "100000000000000000001")) == first)

        record.deletedAt = demo.createdAt
        let again = ServiceAccountRecord(
            email: email, uniqueID: "100000000000000000002", project: "demo", createdAt: demo.createdAt)
        try await directory.change { [record] draft in
            try draft.put(record)
            try draft.put(again)
        }
        let second = try await account(of: .serviceAccount(email))
        #expect(second.username == "sa_100000000000000000002")
        #expect(second.uid != first.uid)
    }

    @Test("of service accounts from before they had unique ids go to the first that uses them")
    func older() async throws {
        let email = "123456789012-compute@developer.gserviceaccount.com"
        var older = LoginProfileRecord(owner: "serviceAccount:\(email)")
        older.account = .init(username: "sa_111111111111111111111", uid: 0x8000_0001)
        try await directory.change { [older] in try $0.put(older) }
        for id in ["100000000000000000001", "100000000000000000001"] {
            let account = try await account(of: .serviceAccount(email, uniqueID: id))
            #expect(account.username == "sa_111111111111111111111" && account.uid == 0x8000_0001)
        }
        #expect(directory.state.loginProfiles.sorted.map(\.owner) == ["serviceAccount:100000000000000000001"])
        let next = try await account(of: .serviceAccount(email, uniqueID: "100000000000000000002"))
        #expect(next.username == "sa_100000000000000000002")
    }

    @Test("stay the same, also when the organization's domain changes, and in every project")
    func stable() async throws {
        let alice = Principal.user("alice@example.com")
        let first = try await account(of: alice)
        try await directory.change { draft in
            for var organization in draft.state.organizations.sorted {
                organization.domain = "other.org"
                try draft.put(organization)
            }
        }
        #expect(try await account(of: alice) == first)
        let other = try await directory.addProject("other", number: "2")
        let osLogin = OSLogin(directory: directory)
        let user = osLogin.user(alice)
        #expect(try await osLogin.account(of: user, in: other) == first)
        #expect(osLogin.profile(of: user).projects == ["demo", "other"])
    }

    @Test("of people whose names collide differ in name and number")
    func collisions() async throws {
        let emails = [
            "a.b@example.com", "a_b@example.com", "a+b@example.com",
            "x.very.long.name.that.is.cut.off.1@example.com", "x.very.long.name.that.is.cut.off.2@example.com",
        ]
        var accounts: [PosixAccount] = []
        for email in emails { accounts.append(try await account(of: .user(email))) }
        #expect(Set(accounts.map(\.username)).count == emails.count)
        #expect(accounts.allSatisfy { $0.username.count <= 32 })
        #expect(Set(accounts.map(\.uid)).count == emails.count)
        #expect(accounts[0].username == "a_b_example_com")
    }

    @Test("keep their name when only the number is taken")
    func takenNumber() async throws {
        let alice = OSLogin(directory: directory).user(.user("alice@example.com"))
        let uid = OSLoginName(alice, isInternal: true).uid(attempt: 0)
        var other = LoginProfileRecord(owner: "user:bob@example.com")
        other.account = .init(username: "bob_example_com", uid: uid)
        try await directory.change { [other] in try $0.put(other) }
        let account = try await account(of: alice.principal)
        #expect(account.username == "alice_example_com")
        #expect(account.uid != uid)
    }

    @Test("of one person are one, however many ask at the same time")
    func concurrent() async throws {
        let found = try await withThrowingTaskGroup(of: PosixAccount.self) { group in
            for _ in 0..<20 { group.addTask { try await account(of: .user("alice@example.com")) } }
            return try await group.reduce(into: Set<PosixAccount>()) { $0.insert($1) }
        }
        #expect(found.count == 1)
    }
}
