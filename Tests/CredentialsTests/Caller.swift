import Access
import CredentialSupport
import Credentials
import Foundation
import Identity
import Methods
import Schema
import SwiftProtobuf

/// Calls the credentials API over accounts and grants of a test's own.
struct Caller {
    static let alice = Principal.user("alice@example.com")

    let world: CredentialWorld
    let grants: Grants
    /// By whose token is called.
    var bearer = Methods.Caller(principal: alice, expiresAt: .distantFuture)

    init() async throws {
        world = try await CredentialWorld()
        grants = Grants()
        for (index, name) in ["one", "two", "three"].enumerated() {
            world.accounts.put(
                ServiceAccountIdentity(
                    uniqueID: CredentialWorld.id(index + 2), email: Self.email(name), project: "demo"))
        }
    }

    static func email(_ name: String) -> String { "\(name)@demo.iam.gserviceaccount.com" }
    static func name(_ account: String) -> String { "projects/-/serviceAccounts/\(account)" }

    /// Calls a method by the end of its name.
    func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ request: Request, extending: any LifetimeExtensions = NoLifetimeExtensions(),
        giving: Response.Type = Response.self
    ) async throws -> Response {
        let api = CredentialsAPI.api(
            accounts: world.accounts, tokens: world.tokens, idTokens: world.idTokens,
            signatures: AccountSignatures(keys: world.systemKeys, now: { [world] in world.clock.now }),
            extensions: extending)
        guard let method = api.methods.first(where: { $0.name.hasSuffix(name) }) as? UnaryMethod<Request, Response>
        else { throw ServiceError(.unimplemented, "there is no method \(name) of these types") }
        let call = Call(
            caller: bearer, method: method.name, host: api.service, time: world.clock.now,
            gatekeeper: GrantGatekeeper(grants: grants))
        return try await method.handler(request, call)
    }

    /// Asks for an access token.
    func accessToken(
        _ account: String, through delegates: [String] = [],
        _ more: (inout Google_Iam_Credentials_V1_GenerateAccessTokenRequest) -> Void = { _ in },
        extending: any LifetimeExtensions = NoLifetimeExtensions()
    ) async throws -> Google_Iam_Credentials_V1_GenerateAccessTokenResponse {
        var request = Google_Iam_Credentials_V1_GenerateAccessTokenRequest.with {
            $0.name = Self.name(account)
            $0.delegates = delegates
            $0.scope = ["https://www.googleapis.com/auth/cloud-platform"]
        }
        more(&request)
        return try await call("GenerateAccessToken", request, extending: extending)
    }
}

/// Lets all accounts have long tokens.
struct AllExtensions: LifetimeExtensions {
    func areAllowed(for account: ServiceAccountIdentity) async throws -> Bool { true }
}
