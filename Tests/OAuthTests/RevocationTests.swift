import Access
import CredentialSupport
import Foundation
import Identity
import Testing

@testable import OAuth

@Suite("Revoking a token")
struct RevocationTests {
    private let alice = Principal.user("alice@example.com")

    @Test("ends it, in the query, in a form and in JSON, and what is asked with it next is refused")
    func revoke() async throws {
        let endpoint = try await Endpoint()
        for (route, isQuery, isJSON) in [
            (OAuthRoute.revocation, true, false), (.revocation, false, false), (.securityTokenRevocation, false, false),
            (.securityTokenRevocation, false, true),
        ] {
            let refresh = try await endpoint.world.tokens.issueRefresh(for: alice)
            let access = try await endpoint.world.tokens.refresh(refresh).value
            let value = isJSON ? #"{"token":"\#(access)"}"# : "token=\(access)"
            let answer = try await endpoint.ask(
                route, query: isQuery ? value : "", form: isQuery ? "" : value, isJSON: isJSON)
            #expect(answer.status == 200 && answer.fields.isEmpty)
            await #expect(throws: BearerError.unknown) {
                try await endpoint.world.bearers.verify(access, for: "batch.googleapis.com")
            }
            #expect(
                try await endpoint.ask(.introspection, form: "token=\(access)").fields["active"] as? Bool == false)
            let renewed = try await endpoint.ask(.token, form: "grant_type=refresh_token&refresh_token=\(refresh)")
            #expect(renewed.fields["error"] as? String == "invalid_grant")
        }
    }

    @Test(
        "that there is not is an error at Google's address and none by RFC 7009; one that ends otherwise is refused",
        arguments: [
            ("token=ya29.landfall-x", 400, 200), ("token=other", 400, 200), ("", 400, 400), ("token=", 400, 400),
            ("token=eyJhbGciOiJSUzI1NiJ9.e30.AA", 400, 400), ("token=a&token=b", 400, 400),
        ])
    func others(form: String, google: Int, standard: Int) async throws {
        let endpoint = try await Endpoint()
        #expect(try await endpoint.ask(.revocation, form: form).status == google)
        #expect(try await endpoint.ask(.securityTokenRevocation, form: form).status == standard)
    }
}
