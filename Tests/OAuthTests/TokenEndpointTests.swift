import Foundation
import Testing

@testable import OAuth

@Suite("The token endpoint")
struct TokenEndpointTests {
    private let endpoint = TokenEndpoint { token in
        token == "good/1+2" ? TokenEndpoint.Grant(accessToken: "fresh", lifetime: 3600) : nil
    }

    private func answer(_ form: String) async throws -> (status: Int, fields: [String: Any]) {
        let answer = try await endpoint.answer(form: Data(form.utf8))
        let fields = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
        return (answer.status, fields ?? [:])
    }

    @Test("renews an access token, and repeats the scopes that were asked for")
    func renews() async throws {
        let (status, fields) = try await answer("grant_type=refresh_token&refresh_token=good%2F1%2B2&scope=a+b")
        #expect(status == 200)
        #expect(fields["access_token"] as? String == "fresh")
        #expect(fields["expires_in"] as? Int == 3600)
        #expect(fields["token_type"] as? String == "Bearer")
        #expect(fields["scope"] as? String == "a b")
    }

    @Test(
        "answers with the errors of RFC 6749",
        arguments: [
            ("grant_type=refresh_token&refresh_token=other", "invalid_grant"),
            ("grant_type=refresh_token", "invalid_request"),
            ("grant_type=password", "unsupported_grant_type"),
            ("", "invalid_request"),
            ("grant_type=a&grant_type=b", "invalid_request"),
            ("grant_type=%zz", "invalid_request"),
        ])
    func refuses(form: String, error: String) async throws {
        let (status, fields) = try await answer(form)
        #expect(status == 400)
        #expect(fields["error"] as? String == error)
    }
}
