import Access
import Directory
import DirectorySupport
import Testing
import Workload

@testable import Identity

@Suite("Accounts that a site has given already")
struct SiteAccountsTests {
    private static let file = """
        # who                                             name   uid   gid
        Alice@Example.com                                 alice  1004
        etl@demo.iam.gserviceaccount.com                  etl    2001  3000   # the nightly run

        principal://iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/ci/subject/main  ci.x 2002
        bob@elsewhere.org\tetl\t2001\t3000
        """

    @Test("are those of a file")
    func accounts() throws {
        let site = try SiteAccounts(text: Self.file)
        let alice = PosixAccount(username: "alice", uid: 1004, gid: 1004, home: "/home/alice")
        let etl = PosixAccount(username: "etl", uid: 2001, gid: 3000, home: "/home/etl")
        #expect(site.account(of: .user("alice@example.com")) == alice)
        let robot = Principal.serviceAccount("etl@demo.iam.gserviceaccount.com", uniqueID: "100000000000000000001")
        #expect(site.account(of: robot) == etl)
        #expect(site.account(of: .user("bob@elsewhere.org")) == etl)
        #expect(site.account(of: .user("carol@example.com")) == nil)
        #expect(site.account(of: .unauthenticated) == nil)
        #expect(site.contains(uid: 1004))
        #expect(!site.contains(uid: 3000))
    }

    @Test("of identities of pools are theirs whatever groups they are in")
    func federated() throws {
        let site = try SiteAccounts(text: Self.file)
        let name = "principal://iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/ci/subject/main"
        guard case .subject(let subject, let pool)? = Member(name) else { throw SiteAccountsError.Reason.fields }
        let identity = FederatedIdentity(pool: pool, subject: subject, groups: ["devs"], attributes: ["a": "b"])
        #expect(site.account(of: .federated(identity))?.username == "ci.x")
    }

    @Test(
        "of a file with a mistake are refused, and the line is named",
        arguments: [
            ("alice@example.com alice", SiteAccountsError.Reason.fields),
            ("alice@example.com alice 1004 1004 /home/alice", .fields),
            ("alice alice 1004", .principal("alice")),
            ("group:devs@example.com devs 1004", .principal("group:devs@example.com")),
            ("alice@example.com root 1004", .username("root")),
            ("alice@example.com Alice 1004", .username("Alice")),
            ("alice@example.com 1004 1004", .username("1004")),
            ("alice@example.com -a 1004", .username("-a")),
            ("alice@example.com .. 1004", .username("..")),
            ("alice@example.com a:b 1004", .username("a:b")),
            ("alice@example.com alice 0", .number("0")),
            ("alice@example.com alice 999", .number("999")),
            ("alice@example.com alice 65534", .number("65534")),
            ("alice@example.com alice 1879048192", .number("1879048192")),
            ("alice@example.com alice -5", .number("-5")),
            ("alice@example.com alice +1004", .number("+1004")),
            ("alice@example.com alice 1004 6", .number("6")),
            ("carol@example.com carol 1005", .repeated("carol@example.com")),
            ("alice@example.com carol 1006", .contradiction("carol", 1006)),
            ("alice@example.com alice 1005", .contradiction("alice", 1005)),
            ("alice@example.com carol 1005 1006", .contradiction("carol", 1005)),
        ])
    func mistakes(line: String, reason: SiteAccountsError.Reason) {
        #expect(throws: SiteAccountsError(line: 3, reason: reason)) {
            try SiteAccounts(text: "carol@example.com carol 1005\n\n\(line)\n")
        }
    }

    @Test("come before those that OS Login makes, which take other names")
    func preference() async throws {
        let directory = try await Directory.ofExample()
        let demo = try await directory.addProject("demo", number: "1")
        func account(_ email: String, _ site: SiteAccounts = SiteAccounts()) async throws -> PosixAccount {
            let osLogin = OSLogin(directory: directory, site: site)
            return try await osLogin.account(of: osLogin.user(.user(email)), in: demo)
        }
        let before = try await account("alice@example.com")
        let site = try SiteAccounts(text: "alice@example.com alice 1004\ncarol@example.com bob_example_com 1005")
        #expect(try await account("alice@example.com", site).uid == 1004)
        let bob = try await account("bob@example.com", site)
        #expect(bob.username.hasPrefix("bob_example_com_"))
        // Without the file it is what it was, and what the site gave is not kept.
        #expect(try await account("alice@example.com") == before)
        #expect(try await account("carol@example.com", site).uid == 1005)
        #expect(try await account("carol@example.com").username == "carol_example_com")
    }
}
