import Access
import CredentialSupport
import Foundation
import Identity
import Methods
import Schema
import Testing

@Suite("Acting in the name of a service account")
struct DelegationTests {
    private let implicit: Permission = "iam.serviceAccounts.implicitDelegation"
    private let getAccessToken: Permission = "iam.serviceAccounts.getAccessToken"

    private func robot(_ name: String) -> Principal { .serviceAccount(Caller.email(name)) }

    /// alice may delegate to one, one to two, and two may take tokens of three.
    private func chain(without missing: Int? = nil) async throws -> Caller {
        let caller = try await Caller()
        let hops = [
            (Caller.alice, implicit, "one"), (robot("one"), implicit, "two"), (robot("two"), getAccessToken, "three"),
        ]
        for (index, hop) in hops.enumerated() where index != missing {
            caller.grants.give(hop.0, hop.1, on: Caller.email(hop.2))
        }
        return caller
    }

    private let delegates = ["one", "two"].map { Caller.name(Caller.email($0)) }

    @Test("takes the permission on it alone, when nobody is in between; its unique id does as well")
    func direct() async throws {
        let caller = try await Caller()
        caller.grants.give(Caller.alice, getAccessToken, on: CredentialWorld.robot)
        for account in [CredentialWorld.robot, CredentialWorld.id(1)] {
            let answer = try await caller.accessToken(account)
            #expect(answer.accessToken.hasPrefix("ya29."))
            let found = try await caller.world.bearers.introspect(answer.accessToken)
            #expect(found.principal == .serviceAccount(CredentialWorld.robot))
            #expect(found.expiresAt == caller.world.clock.now + 3600)
        }
    }

    @Test("takes a hop to each delegate, and the permission for the last")
    func delegated() async throws {
        let caller = try await chain()
        let answer = try await caller.accessToken(Caller.email("three"), through: delegates)
        let found = try await caller.world.bearers.introspect(answer.accessToken)
        #expect(found.principal == robot("three"))
        _ = try await caller.accessToken(Caller.email("three"), through: ["one", "two"].map(Caller.email))
    }

    @Test("leaves tokens that tell who began, and through whom, also of one who came by such a token")
    func memory() async throws {
        var caller = try await chain()
        let answer = try await caller.accessToken(Caller.email("three"), through: delegates)
        let bearer = try await caller.world.bearers.verify(answer.accessToken, for: "batch.googleapis.com")
        #expect(bearer.delegation == [Caller.alice, hop(2), hop(3)])

        caller.bearer = Methods.Caller(
            principal: bearer.principal, expiresAt: bearer.expiresAt, delegation: bearer.delegation)
        caller.grants.give(robot("three"), getAccessToken, on: Caller.email("one"))
        let next = try await caller.accessToken(Caller.email("one"))
        #expect(
            try await caller.world.bearers.verify(next.accessToken, for: "batch.googleapis.com").delegation
                == bearer.delegation + [bearer.principal])
    }

    @Test("leaves tokens that tell the identity of a pool that began, without its groups and attributes")
    func federatedMemory() async throws {
        var caller = try await Caller()
        let identity = FederatedIdentity(
            pool: .workforce("staff"), subject: "eve", groups: ["all"], attributes: ["team": "a"])
        caller.bearer.principal = .federated(identity)
        caller.grants.give(caller.bearer.principal, getAccessToken, on: Caller.email("one"))
        let answer = try await caller.accessToken(Caller.email("one"))
        let bearer = try await caller.world.bearers.verify(answer.accessToken, for: "batch.googleapis.com")
        #expect(bearer.delegation == [.federated(FederatedIdentity(pool: identity.pool, subject: "eve"))])
    }

    /// An account by its number among those of `CredentialWorld`.
    private func hop(_ number: Int) -> Principal {
        .serviceAccount(Caller.email(number == 2 ? "one" : "two"), uniqueID: CredentialWorld.id(number))
    }

    @Test("leaves tokens that remember of a long chain the one who began, and those at its end")
    func longMemory() async throws {
        var caller = try await chain()
        caller.bearer.principal = robot("two")
        caller.bearer.delegation = [Caller.alice] + (0..<100).map { robot("r\($0)") }
        let answer = try await caller.accessToken(Caller.email("three"))
        let chain = try await caller.world.bearers.verify(answer.accessToken, for: "batch.googleapis.com").delegation
        #expect(chain.count == 24)
        #expect(chain.first == Caller.alice)
        #expect(chain.suffix(2) == [robot("r99"), robot("two")])
    }

    @Test("is refused when a hop is missing", arguments: 0..<3)
    func missingHop(_ missing: Int) async throws {
        let caller = try await chain(without: missing)
        let error = await #expect(throws: ServiceError.self) {
            try await caller.accessToken(Caller.email("three"), through: delegates)
        }
        let permission = missing == 2 ? getAccessToken : implicit
        #expect(error?.code == .permissionDenied)
        #expect(error?.message == "Permission '\(permission)' denied on resource (or it may not exist).")
        let info = error?.details.lazy.compactMap { $0 as? Google_Rpc_ErrorInfo }.first
        #expect(info?.reason == "IAM_PERMISSION_DENIED")
        #expect(info?.domain == "iam.googleapis.com")
        #expect(info?.metadata["permission"] == permission.name)
    }

    @Test("is refused in another order, without a delegate, and by a delegate that may only delegate")
    func otherChains() async throws {
        let caller = try await chain()
        for chain in [delegates.reversed(), [], [delegates[0]], delegates + [delegates[0]]] {
            let error = await #expect(throws: ServiceError.self) {
                try await caller.accessToken(Caller.email("three"), through: chain)
            }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test("is refused alike for an account that does not exist and for one that is forbidden")
    func unknown() async throws {
        let caller = try await Caller()
        var messages: Set<String> = []
        for account in [CredentialWorld.robot, "nobody@demo.iam.gserviceaccount.com", "999999999999999999999"] {
            let error = await #expect(throws: ServiceError.self) { try await caller.accessToken(account) }
            #expect(error?.code == .permissionDenied)
            messages.insert(error?.message ?? "")
        }
        #expect(messages.count == 1)
    }

    @Test("is not possible while the account, or one in between, is disabled", arguments: ["one", "two", "three"])
    func disabled(_ name: String) async throws {
        let caller = try await chain()
        caller.world.accounts.setDisabled(true, Caller.email(name))
        let error = await #expect(throws: ServiceError.self) {
            try await caller.accessToken(Caller.email("three"), through: delegates)
        }
        #expect(error?.code == .failedPrecondition)
        caller.world.accounts.setDisabled(false, Caller.email(name))
        _ = try await caller.accessToken(Caller.email("three"), through: delegates)
    }

    @Test(
        "is refused for what names no account",
        arguments: [
            "", "robot", "projects/demo/serviceAccounts/\(CredentialWorld.robot)", "projects/-/serviceAccounts/",
            "projects/-/serviceAccounts/robot", "projects/-/serviceAccounts/\(CredentialWorld.robot)/keys/1",
            CredentialWorld.robot,
        ])
    func badName(_ name: String) async throws {
        let caller = try await Caller()
        let error = await #expect(throws: ServiceError.self) {
            try await caller.accessToken(CredentialWorld.robot, { $0.name = name })
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test(
        "is refused with a malformed delegate or with too many", arguments: [["a/b"], Array(repeating: "a", count: 11)])
    func badDelegates(_ delegates: [String]) async throws {
        let caller = try await Caller()
        let error = await #expect(throws: ServiceError.self) {
            try await caller.accessToken(CredentialWorld.robot, through: delegates)
        }
        #expect(error?.code == .invalidArgument)
    }
}
