import Access
import CredentialSupport
import Dispatcher
import Foundation
import Identity
import Methods
import Schema
import SwiftProtobuf
import Testing
import Workload

@testable import TaskCredentialsAPI

@Suite("What agents ask in the name of attempts")
struct TaskCredentialsTests {
    private static let agent = "service-123@serverless-robot-prod.iam.gserviceaccount.com"

    private let world: CredentialWorld
    private let grants = Grants()
    private let secrets = FakeSecrets()
    private let leased = LeasedJobs()
    private let methods: [any Method]

    init() async throws {
        let (world, leased) = (try await CredentialWorld(), leased)
        self.world = world
        methods = TaskCredentialsAPI.methods(
            attempts: { $0 == Self.caller() ? leased.job : nil }, accounts: world.accounts, tokens: world.tokens,
            idTokens: world.idTokens, secrets: secrets)
        world.accounts.put(
            ServiceAccountIdentity(uniqueID: CredentialWorld.id(2), email: Self.agent, project: "demo"))
    }

    private func identity(
        _ platform: TaskIdentity.Platform = .virtualMachine, scopes: [String] = [Scopes.cloudPlatform],
        project: String = "demo"
    ) -> TaskIdentity {
        TaskIdentity(
            account: CredentialWorld.robot, accountID: CredentialWorld.id(1), scopes: scopes, project: project,
            projectNumber: "123", region: "us-central1", zone: "us-central1-a", platform: platform,
            puller: platform == .serverless ? Self.agent : CredentialWorld.robot)
    }

    /// Calls a method for attempt 2 at task 7, of a job that runs on the agent i-1.
    private func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ request: Request, as identity: TaskIdentity?, plan change: (inout Plan) -> Void = { _ in },
        giving: Response.Type = Response.self
    ) async throws -> Response {
        var plan = Plan(steps: [Step(executable: .script(text: ""))])
        plan.identity = identity
        change(&plan)
        leased.job = LeasedJob(
            uid: "job-uid", name: JobName(project: "demo", location: "us-central1", id: "job"), plan: plan,
            createdAt: world.clock.now)
        let method = try #require(
            methods.first { $0.name.hasSuffix(".\(name)") } as? UnaryMethod<Request, Response>)
        let call = Call(
            caller: nil, method: method.name, host: "", time: world.clock.now,
            gatekeeper: GrantGatekeeper(grants: grants))
        return try await method.handler(request, call)
    }

    private static func caller(
        _ incarnation: String = "i-1", index: UInt32 = 7, attempt: UInt32 = 2
    ) -> Landfall_Agent_V1_Caller {
        .with {
            $0.incarnation = incarnation
            $0.attempt = .with {
                $0.jobUid = "job-uid"
                $0.index = index
                $0.attempt = attempt
            }
        }
    }

    private func accessToken(
        scopes: [String] = [], by caller: Landfall_Agent_V1_Caller = caller(), as identity: TaskIdentity?
    ) async throws -> Landfall_Agent_V1_AccessToken {
        try await call(
            "GetAccessToken",
            Landfall_Agent_V1_GetAccessTokenRequest.with {
                $0.caller = caller
                $0.scopes = scopes
            }, as: identity)
    }

    @Test("Tokens stand for the job's account, for an hour")
    func accessToken() async throws {
        let token = try await accessToken(as: identity())
        #expect(token.expires.date == world.clock.now + 3600)
        let bearer = try await world.bearers.verify(token.token, for: "batch.googleapis.com")
        #expect(bearer.principal == .serviceAccount(CredentialWorld.robot, uniqueID: CredentialWorld.id(1)))
    }

    @Test(
        "Tokens have the scopes that are asked for, and none that the job has not",
        arguments: [
            (["a", "b"], [String](), "a b"), (["a", "b"], ["b"], "b"), (["a", "b"], ["b", "c"], "b"),
            (["a"], ["c"], "a"), ([], [], Scopes.cloudPlatform), ([Scopes.cloudPlatform], ["c"], "c"),
        ])
    func scopes(own: [String], asked: [String], given: String) async throws {
        let token = try await accessToken(scopes: asked, as: identity(scopes: own))
        #expect(try await world.tokens.introspect(token.token).scope == given)
    }

    @Test("On Cloud Run tokens are for all of Google Cloud, or the part that is asked for")
    func serverlessScopes() async throws {
        let own = identity(.serverless, scopes: ["a"])
        let token = try await accessToken(as: own)
        #expect(try await world.tokens.introspect(token.token).scope == Scopes.cloudPlatform)
        let other = try await accessToken(scopes: ["b"], as: own)
        #expect(try await world.tokens.introspect(other.token).scope == "b")
    }

    @Test("What cannot be a scope is refused", arguments: ["", " ", "a\"b", "a\nb"])
    func badScopes(scope: String) async throws {
        await refused(.invalidArgument) { try await accessToken(scopes: [scope], as: identity()) }
    }

    @Test(
        "Only the agent that has the attempt is answered, and only for the attempt that it has",
        arguments: [caller("i-2"), caller(""), caller(index: 8), caller(attempt: 1), caller(attempt: 3), .init()])
    func strangers(caller: Landfall_Agent_V1_Caller) async throws {
        await refused(.notFound) { try await accessToken(by: caller, as: identity()) }
    }

    @Test("A job without an account has no tokens")
    func noAccount() async throws {
        await refused(.notFound) { try await accessToken(as: nil) }
    }

    @Test("An account that is disabled, deleted or made anew gives no more tokens, and the old ones stop")
    func accountStates() async throws {
        let robot = ServiceAccountIdentity(
            uniqueID: CredentialWorld.id(1), email: CredentialWorld.robot, project: "demo")
        let token = try await accessToken(as: identity()).token
        var changed = robot
        changed.isDisabled = true
        world.accounts.put(changed)
        await refused(.failedPrecondition) { try await accessToken(as: identity()) }
        await #expect(throws: BearerError.accountState) {
            try await world.bearers.verify(token, for: "batch.googleapis.com")
        }
        changed = robot
        changed.uniqueID = CredentialWorld.id(9)
        world.accounts.put(changed)
        await refused(.notFound) { try await accessToken(as: identity()) }
        world.accounts.put(robot)
        #expect(try await accessToken(as: identity()).token == token)
    }

    @Test("The tasks of a job share a token until half of its time is over, or it is revoked")
    func shared() async throws {
        let first = try await accessToken(as: identity()).token
        #expect(try await accessToken(as: identity()).token == first)
        #expect(try await accessToken(scopes: ["a"], as: identity()).token != first)
        world.clock.advance(1801)
        let second = try await accessToken(as: identity()).token
        #expect(second != first)
        try await world.tokens.revoke(second)
        #expect(try await accessToken(as: identity()).token != second)
    }

    // MARK: Other projects

    @Test("Cloud Run gives out tokens of another project's account while its own account may, and no longer")
    func otherProject() async throws {
        let foreign = identity(.serverless, project: "elsewhere")
        let error = await refused(.permissionDenied) { try await accessToken(as: foreign) }
        #expect(error?.message.contains(Self.agent) == true)
        #expect(error?.message.contains("iam.serviceAccounts.getAccessToken") == true)
        grants.give(
            .serviceAccount(Self.agent, uniqueID: CredentialWorld.id(2)), "iam.serviceAccounts.getAccessToken",
            on: CredentialWorld.robot)
        #expect(try await accessToken(as: foreign).token != "")
        #expect(try await accessToken(as: identity(project: "elsewhere")).token != "", "Batch asks at submission")
    }

    // MARK: Id tokens

    private func idToken(_ platform: TaskIdentity.Platform, full: Bool, licenses: Bool = false) async throws -> [String:
        Any]
    {
        let token: Landfall_Agent_V1_IdToken = try await call(
            "GetIdToken",
            Landfall_Agent_V1_GetIdTokenRequest.with {
                $0.caller = Self.caller()
                $0.audience = "https://service.example"
                $0.full = full
                $0.licenses = licenses
            }, as: identity(platform))
        #expect(token.expires.date == world.clock.now + 3600)
        return try #require(contents(of: token.token)?.claims)
    }

    @Test("Id tokens name the account, and the machine where that is asked for")
    func idTokens() async throws {
        let short = try await idToken(.virtualMachine, full: false)
        #expect(short["aud"] as? String == "https://service.example")
        #expect(short["sub"] as? String == CredentialWorld.id(1))
        #expect(short["email"] as? String == CredentialWorld.robot)
        #expect(short["google"] == nil)
        let full = try await idToken(.virtualMachine, full: true, licenses: true)
        let machine = (full["google"] as? [String: Any])?["compute_engine"] as? [String: Any]
        let expected = TaskInstance(jobUID: "job-uid", index: 7, attempt: 2, platform: .virtualMachine)
        #expect(machine?["instance_id"] as? String == expected.id)
        #expect(machine?["instance_name"] as? String == "job-uid-group0-7")
        #expect(machine?["project_id"] as? String == "demo")
        #expect(machine?["zone"] as? String == "us-central1-a")
        #expect(machine?["license_id"] as? [String] == [])
    }

    @Test("Id tokens are for somebody", arguments: ["", String(repeating: "x", count: 2049)])
    func noAudience(audience: String) async throws {
        await refused(.invalidArgument) {
            try await call(
                "GetIdToken",
                Landfall_Agent_V1_GetIdTokenRequest.with {
                    $0.caller = Self.caller()
                    $0.audience = audience
                }, as: identity(), giving: Landfall_Agent_V1_IdToken.self)
        }
    }

    // MARK: Images and secrets

    @Test("Images are pulled by the job's account for Batch, by the service's own for Cloud Run")
    func pullers() async throws {
        for (platform, puller) in [
            (TaskIdentity.Platform.virtualMachine, CredentialWorld.robot), (.serverless, Self.agent),
        ] {
            let token: Landfall_Agent_V1_AccessToken = try await call(
                "GetPullToken", Landfall_Agent_V1_GetPullTokenRequest.with { $0.caller = Self.caller() },
                as: identity(platform))
            #expect(try await world.tokens.introspect(token.token).principal == .serviceAccount(puller))
        }
    }

    @Test("Secrets that the plan names are read as the job's account, in the order of their names; no others are")
    func reading() async throws {
        let one = SecretReference(project: "demo", secret: "one")
        let two = SecretReference(project: "demo", secret: "two", version: "3")
        secrets.keep([one: Data("1".utf8), two: Data("2".utf8)])
        func read(_ names: [String]) async throws -> [Data] {
            let response: Landfall_Agent_V1_ReadSecretsResponse = try await call(
                "ReadSecrets",
                Landfall_Agent_V1_ReadSecretsRequest.with {
                    $0.caller = Self.caller()
                    $0.names = names
                }, as: identity()
            ) { plan in
                plan.secretEnvironment = ["A": one]
                plan.volumes = [Volume(name: "v", source: .secrets([SecretFile(path: "f", secret: two)]))]
            }
            return response.values
        }
        #expect(try await read([two.path, one.path]) == [Data("2".utf8), Data("1".utf8)])
        #expect(
            secrets.readers == [.serviceAccount(CredentialWorld.robot, uniqueID: CredentialWorld.id(1))])
        await refused(.permissionDenied) { try await read(["projects/demo/secrets/three/versions/latest"]) }
        await refused(.permissionDenied) { try await read(["projects/demo/secrets/two/versions/latest"]) }
        await refused(.invalidArgument) { try await read(Array(repeating: one.path, count: 1001)) }
    }

    @discardableResult
    private func refused(_ code: ServiceError.Code, _ body: () async throws -> some Sendable) async -> ServiceError? {
        do {
            _ = try await body()
            Issue.record("it was not refused")
        } catch let error as ServiceError {
            #expect(error.code == code)
            return error
        } catch {
            Issue.record("\(error)")
        }
        return nil
    }
}
