import Access
import Directory
import DirectorySupport
import Identity
import Methods
import Testing

@testable import OSLoginAPI

@Suite("Login profiles")
struct ProfileMethodTests {
    private let calls: OSLoginCalls
    private let bob = Principal.user("bob@elsewhere.org")

    init() async throws { calls = try await OSLoginCalls() }

    @Test("are empty at first, and have a number of 21 digits for a name")
    func empty() async throws {
        let profile = try await calls.profile()
        #expect(profile.name.wholeMatch(of: /1[0-9]{20}/) != nil)
        #expect(profile.posixAccounts.isEmpty)
        #expect(profile.sshPublicKeys.isEmpty)
        #expect(calls.directory.state.loginProfiles.count == 0)
    }

    @Test("have the account in each project that a key was imported for, the first as the primary one")
    func accounts() async throws {
        _ = try await calls.importKey(OSLoginCalls.line("a"), project: "demo")
        let profile = try await calls.importKey(project: "other")
        #expect(profile.posixAccounts.map(\.accountID) == ["demo", "other"])
        #expect(profile.posixAccounts.map(\.primary) == [true, false])
        #expect(Set(profile.posixAccounts.map(\.uid)).count == 1)
        let account = try #require(profile.posixAccounts.first)
        #expect(account.name == "users/alice@example.com/projects/demo")
        #expect(account.username == "alice_example_com")
        #expect(account.uid >= 0x8000_0000 && account.gid == account.uid)
        #expect(account.homeDirectory == "/home/alice_example_com")
        #expect(account.operatingSystemType == .linux)
        #expect(profile.sshPublicKeys.count == 1)

        #expect(try await calls.profile() == profile)
        #expect(try await calls.profile(project: "other").posixAccounts.map(\.accountID) == ["other"])
        #expect(try await calls.profile(project: "123456789012").posixAccounts.map(\.accountID) == ["demo"])
        #expect(try await calls.profile(system: "x").posixAccounts.isEmpty)
    }

    @Test("lose an account and get the same one again")
    func deletion() async throws {
        func refusal() async {
            let error = await #expect(throws: ServiceError.self) {
                try await calls.deleteAccount("users/alice@example.com/projects/demo")
            }
            #expect(error?.code == .notFound)
        }
        await refusal()
        #expect(calls.directory.state.loginProfiles.count == 0)
        let before = try await calls.importKey(project: "123456789012")
        try await calls.deleteAccount("users/alice@example.com/projects/demo")
        #expect(try await calls.profile().posixAccounts.isEmpty)
        await refusal()
        #expect(try await calls.importKey(project: "demo") == before)
    }

    @Test("are the caller's, by address in any case or by number")
    func own() async throws {
        let profile = try await calls.importKey(OSLoginCalls.line("a"))
        #expect(try await calls.profile(of: profile.name) == profile)
        #expect(try await calls.profile(of: "Alice@Example.com") == profile)
    }

    @Test("of others are neither read nor changed, whether they exist or not")
    func others() async throws {
        let key = try await calls.create(OSLoginCalls.line("a"))
        _ = try await calls.importKey(project: "demo")
        let before = calls.directory.state.loginProfiles.sorted
        let stranger = calls.as(bob)
        let number = try await calls.profile().name
        let tries: [() async throws -> Void] = [
            { _ = try await stranger.profile() }, { _ = try await stranger.profile(of: number) },
            { _ = try await stranger.profile(of: "nobody@example.com") },
            { _ = try await stranger.importKey(OSLoginCalls.line("b")) },
            { _ = try await stranger.create(OSLoginCalls.line("b")) }, { _ = try await stranger.get(key.name) },
            { _ = try await stranger.update(key.name, end: 0) }, { try await stranger.delete(key.name) },
            { try await stranger.deleteAccount("users/alice@example.com/projects/demo") },
        ]
        for attempt in tries {
            let error = await #expect(throws: ServiceError.self) { try await attempt() }
            #expect(error?.code == .permissionDenied)
            #expect(error?.message.contains("no login profile but its own (or it may not exist)") == true)
        }
        #expect(calls.directory.state.loginProfiles.sorted == before)
    }

    @Test("of a service account that was made again are not those of the one before it")
    func madeAgain() async throws {
        let email = "etl@demo.iam.gserviceaccount.com"
        func account(_ id: String) async throws -> OSLoginCalls {
            try await calls.directory.change { draft in
                if var before = draft.state.serviceAccount(email) {
                    before.deletedAt = OSLoginCalls.now
                    try draft.put(before)
                }
                try draft.put(
                    ServiceAccountRecord(email: email, uniqueID: id, project: "demo", createdAt: OSLoginCalls.now))
            }
            return calls.as(.serviceAccount(email, uniqueID: id))
        }
        let first = try await account("100000000000000000001").importKey(
            OSLoginCalls.line("a"), project: "demo", user: email)
        #expect(first.posixAccounts.map(\.username) == ["sa_100000000000000000001"])
        let second = try await account("100000000000000000002").importKey(project: "demo", user: email)
        #expect(second.posixAccounts.map(\.username) == ["sa_100000000000000000002"])
        #expect(second.posixAccounts.map(\.uid) != first.posixAccounts.map(\.uid))
        #expect(second.name == "100000000000000000002")
        #expect(second.sshPublicKeys.isEmpty)
    }

    @Test("of people from outside get an account when the organization lets them in")
    func external() async throws {
        let calls = calls.as(bob)
        func refusal(project: String) async -> ServiceError? {
            let error = await #expect(throws: ServiceError.self) {
                try await calls.importKey(OSLoginCalls.line("a"), project: project, user: "bob@elsewhere.org")
            }
            #expect(error?.code == .permissionDenied)
            return error
        }
        // Nothing tells a project that they may not see from one that is not there.
        let unseen = await refusal(project: "demo")
        let missing = await refusal(project: "none")
        #expect(unseen?.message.replacing("demo", with: "none") == missing?.message)

        try await calls.directory.grant("roles/compute.osLogin", to: "user:bob@elsewhere.org")
        let seen = await refusal(project: "demo")
        #expect(
            seen?.message == "Insufficient IAM permissions. The instance belongs to an external organization. You must "
                + "be granted the roles/compute.osLoginExternalUser IAM role on the external organization to configure "
                + "POSIX account information.")
        #expect(calls.directory.state.loginProfiles.count == 0)

        let organization = Resource.organization("987654321098")
        try await calls.directory.grant(
            "roles/compute.osLoginExternalUser", to: "user:bob@elsewhere.org", on: organization)
        let profile = try await calls.importKey(project: "demo", user: "bob@elsewhere.org")
        #expect(profile.posixAccounts.map(\.username) == ["ext_bob_elsewhere_org"])
        // Their keys are theirs without an account.
        try await calls.directory.setBindings([], of: organization)
        #expect(try await calls.importKey(OSLoginCalls.line("a"), user: "bob@elsewhere.org").sshPublicKeys.count == 1)
    }

    @Test(
        "have names of one form",
        arguments: ["", "users", "users/", "people/alice@example.com", "users/alice@example.com/x"])
    func names(name: String) async {
        let error = #expect(throws: ServiceError.self) { try UserName(name) }
        #expect(error?.code == .invalidArgument)
    }
}
