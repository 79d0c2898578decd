import Control
import DirectorySupport
import Foundation
import Identity
import Methods
import Schema
import SwiftProtobuf
import Testing

@Suite("The control API")
struct ControlTests {
    private let fixture = try? Fixture()
    private let signIns = SignIns()

    private func api() async throws -> (API, Tokens) {
        let fixture = try #require(fixture)
        _ = try await fixture.install()
        let tokens = Tokens(store: fixture.sqlite)
        let api = ControlAPI.api(
            directory: fixture.directory, accounts: Accounts(directory: fixture.directory),
            serviceAccounts: DirectoryAccounts(directory: fixture.directory),
            ownership: Ownership(project: "demo", directory: fixture.directory), tokens: tokens, signIns: signIns,
            status: { .with { $0.version = "1.2.3" } },
            connect: { requests, send in
                for try await _ in requests { try await send(Landfall_Agent_V1_ToAgent()) }
            })
        return (api, tokens)
    }

    private func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ request: Request, in api: API
    ) async throws -> Response {
        let method = try #require(api.methods.first { $0.name.hasSuffix(name) } as? UnaryMethod<Request, Response>)
        let directory = try #require(fixture).directory
        let call = Call(
            caller: nil, method: method.name, host: "", time: Date(),
            gatekeeper: DirectoryGatekeeper(directory: directory))
        return try await method.handler(request, call)
    }

    @Test("logs anybody in, with tokens that are good and can be renewed")
    func login() async throws {
        let (api, tokens) = try await api()
        let login: Landfall_Control_V1_LoginResponse = try await call(
            "Control.Login", Landfall_Control_V1_LoginRequest.with { $0.email = "Bob@Example.com" }, in: api)
        #expect(login.account == "bob@example.com")
        #expect(try await tokens.verify(login.accessToken).principal == .user("bob@example.com"))
        #expect(login.expireTime.date.timeIntervalSinceNow > 3500)

        let renewed: Landfall_Control_V1_LoginResponse = try await call(
            "Control.RefreshToken",
            Landfall_Control_V1_RefreshTokenRequest.with { $0.refreshToken = login.refreshToken }, in: api)
        #expect(renewed.accessToken != login.accessToken)
        #expect(renewed.refreshToken == login.refreshToken)
        #expect(try await tokens.verify(renewed.accessToken).principal == .user("bob@example.com"))
    }

    @Test(
        "refuses what is no account",
        arguments: [
            ("bob", ServiceError.Code.invalidArgument), ("", .invalidArgument),
            ("ghost@demo.iam.gserviceaccount.com", .notFound),
        ])
    func noAccount(email: String, code: ServiceError.Code) async throws {
        let (api, _) = try await api()
        let error = await #expect(throws: ServiceError.self) {
            let _: Landfall_Control_V1_LoginResponse = try await call(
                "Control.Login", Landfall_Control_V1_LoginRequest.with { $0.email = email }, in: api)
        }
        #expect(error?.code == code)
    }

    @Test("ends every login of an account, and says how many there were")
    func endLogins() async throws {
        let (api, tokens) = try await api()
        let login: Landfall_Control_V1_LoginResponse = try await call(
            "Control.Login", Landfall_Control_V1_LoginRequest.with { $0.email = "bob@example.com" }, in: api)
        for count: Int32 in [1, 0] {
            let ended: Landfall_Control_V1_EndLoginsResponse = try await call(
                "Control.EndLogins", Landfall_Control_V1_EndLoginsRequest.with { $0.email = "BOB@example.com" }, in: api
            )
            #expect(ended.count == count)
        }
        await #expect(throws: TokenError.unknown) { try await tokens.verify(login.accessToken) }
        let error = await #expect(throws: ServiceError.self) {
            let _: Landfall_Control_V1_EndLoginsResponse = try await call(
                "Control.EndLogins", Landfall_Control_V1_EndLoginsRequest.with { $0.email = "bob" }, in: api)
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test("approves a sign-in by its code, as a person, once")
    func approve() async throws {
        let (api, _) = try await api()
        let challenge = try #require(
            CodeChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", method: "S256"))
        let page = try await signIns.begin(
            SignInRequest(
                client: "c", destination: .program("http://localhost:8085/"), state: nil, challenge: challenge,
                scope: "a"))
        guard case .waiting(let code, _) = try await signIns.progress(of: page) else { throw TokenError.unknown }
        func approve(_ code: String, _ email: String) async throws -> Landfall_Control_V1_SignIn {
            let request = Landfall_Control_V1_ApproveSignInRequest.with {
                $0.code = code
                $0.email = email
            }
            return try await call("SignIns.ApproveSignIn", request, in: api)
        }
        let robot = try #require(fixture?.directory.state.serviceAccounts.sorted.first?.email)
        for (code, email, error) in [
            (code, "bob", ServiceError.Code.invalidArgument), (code, robot, .invalidArgument),
            ("BCDF-GHJ", "bob@example.com", .notFound), ("", "bob@example.com", .notFound),
        ] {
            let refused = await #expect(throws: ServiceError.self) { _ = try await approve(code, email) }
            #expect(refused?.code == error)
        }
        let signIn = try await approve(code, "Bob@example.com")
        #expect(signIn.account == "bob@example.com" && signIn.destination == "http://localhost:8085/")
        await #expect(throws: ServiceError.self) { _ = try await approve(code, "eve@example.com") }
    }

    @Test("refuses a refresh token that it did not give")
    func wrongRefresh() async throws {
        let (api, _) = try await api()
        let error = await #expect(throws: ServiceError.self) {
            let _: Landfall_Control_V1_LoginResponse = try await call(
                "Control.RefreshToken", Landfall_Control_V1_RefreshTokenRequest.with { $0.refreshToken = "x" }, in: api)
        }
        #expect(error?.code == .unauthenticated)
    }

    @Test("tells what the server is")
    func status() async throws {
        let (api, _) = try await api()
        let status: Landfall_Control_V1_Status = try await call(
            "Control.GetStatus", Landfall_Control_V1_GetStatusRequest(), in: api)
        #expect(status.version == "1.2.3")
    }

    @Test("hands the streams of agents on")
    func agents() async throws {
        let (api, _) = try await api()
        let any = api.methods.first { $0.name == "landfall.agent.v1.Agents.Connect" }
        let method = try #require(any as? StreamMethod<Landfall_Agent_V1_FromAgent, Landfall_Agent_V1_ToAgent>)
        let directory = try #require(fixture).directory
        let call = Call(
            caller: nil, method: method.name, host: "", time: Date(),
            gatekeeper: DirectoryGatekeeper(directory: directory))
        let (requests, feed) = AsyncThrowingStream<Landfall_Agent_V1_FromAgent, any Error>.makeStream()
        for _ in 0..<3 { feed.yield(Landfall_Agent_V1_FromAgent()) }
        feed.finish()
        try await confirmation(expectedCount: 3) { sent in
            try await method.handler(requests, { _ in sent() }, call)
        }
    }
}
