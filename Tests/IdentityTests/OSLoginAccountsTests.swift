import Access
import Store
import Testing
import Workload

@testable import Identity

@Suite("OS Login accounts")
struct OSLoginAccountsTests {
    private let temporary = try? TemporaryStore()

    private func accounts() throws -> OSLoginAccounts { OSLoginAccounts(store: try #require(temporary).store) }

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
        let account = try await accounts().account(of: .user(email), domain: "example.com")
        #expect(account.username == username)
        #expect(account.username.count <= 32)
        #expect(account.home == "/home/\(username)")
        #expect(account.shell == "/bin/bash")
        #expect(account.gid == account.uid)
        #expect(OSLoginName.uids.contains(account.uid))
    }

    @Test("of service accounts are named after their numeric id")
    func serviceAccount() async throws {
        let robot = Principal.serviceAccount("123456789012-compute@developer.gserviceaccount.com")
        let account = try await accounts().account(of: robot, domain: "example.com")
        #expect(account.username.wholeMatch(of: /sa_1[0-9]{20}/) != nil)
    }

    @Test("stay the same, also when the organization's domain changes")
    func stable() async throws {
        let first = try await accounts().account(of: .user("alice@example.com"), domain: "example.com")
        let second = try await accounts().account(of: .user("alice@example.com"), domain: "other.org")
        #expect(first == second)
    }

    @Test("of people whose names collide differ in name and number")
    func collisions() async throws {
        let accounts = try accounts()
        let emails = [
            "a.b@example.com", "a_b@example.com", "a+b@example.com",
            "x.very.long.name.that.is.cut.off.1@example.com", "x.very.long.name.that.is.cut.off.2@example.com",
        ]
        var names: Set<String> = []
        var uids: Set<UInt32> = []
        for email in emails {
            let account = try await accounts.account(of: .user(email), domain: "example.com")
            #expect(account.username.count <= 32)
            names.insert(account.username)
            uids.insert(account.uid)
        }
        #expect(names.count == emails.count)
        #expect(uids.count == emails.count)
        #expect(names.contains("a_b_example_com"))
    }

    @Test("keep their name when only the number is taken")
    func takenNumber() async throws {
        let store = try #require(temporary).store
        let alice = Principal.user("alice@example.com")
        let uid = OSLoginName(alice, isInternal: true).uid(attempt: 0)
        try await store.insertPosixAccount(
            PosixAccountRecord(principal: .user("bob@example.com"), username: "bob_example_com", uid: uid))
        let account = try await accounts().account(of: alice, domain: "example.com")
        #expect(account.username == "alice_example_com")
        #expect(account.uid != uid)
    }

    @Test("of one person are one, however many ask at the same time")
    func concurrent() async throws {
        let accounts = try accounts()
        let found = try await withThrowingTaskGroup(of: PosixAccount.self) { group in
            for _ in 0..<20 {
                group.addTask { try await accounts.account(of: .user("alice@example.com"), domain: "example.com") }
            }
            return try await group.reduce(into: Set<PosixAccount>()) { $0.insert($1) }
        }
        #expect(found.count == 1)
    }
}
