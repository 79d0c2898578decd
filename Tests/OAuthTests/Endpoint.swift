import CredentialSupport
import Foundation
import Identity

@testable import OAuth

/// The routes of OAuth over accounts of a test's own.
struct Endpoint {
    /// The clock is the machine's: answers say how many seconds are left.
    let world: CredentialWorld
    let service: OAuthService
    let signIns = SignIns()

    /// The whole seconds that are left of an hour, also when the machine is slow.
    static let hour = 3300...3599

    init() async throws {
        world = try await CredentialWorld(now: { Date() })
        service = OAuthService(
            tokens: world.tokens, bearers: world.bearers, assertions: world.assertions, idTokens: world.idTokens,
            accounts: world.accounts, systemKeys: world.systemKeys, exchange: world.federation.exchange,
            signIns: signIns, universe: CredentialWorld.universe)
    }

    /// Now, in seconds since 1970.
    var now: Int { Int(Date().timeIntervalSince1970) }

    func ask(
        _ route: OAuthRoute, query: String = "", form: String = "", isJSON: Bool = false
    ) async throws -> (status: Int, fields: [String: Any]) {
        let answer = try await service.answer(route, query: query, body: Data(form.utf8), isJSON: isJSON)
        let fields = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
        return (answer.status, fields ?? [:])
    }

    /// Sends an assertion as gcloud does.
    func exchange(_ assertion: Assertion) async throws -> (status: Int, fields: [String: Any]) {
        let type = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
        return try await ask(.token, form: "grant_type=\(type)&assertion=\(assertion.text())")
    }
}
