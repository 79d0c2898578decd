import Foundation
import Testing

@testable import landfall

@Suite("A call that failed")
struct APIFailureTests {
    @Test("says what is wrong, and what would help where the server knows")
    func message() {
        let body = """
            {"error":{"code":403,"message":"Denied.","details":[
              {"@type":"type.googleapis.com/google.rpc.ErrorInfo","metadata":{"permission":"p"}},
              {"@type":"type.googleapis.com/google.rpc.LocalizedMessage","locale":"en-US","message":"Ask alice."},
              {"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"Why: ask bob.","url":"https://x"}]}]}}
            """
        #expect(APIFailure(status: 403, body: Data(body.utf8)).description == "Denied.\nAsk alice.\nWhy: ask bob.")
    }

    @Test("says its status when the answer is no error of the API", arguments: ["", "<html>", #"{"error":"x"}"#])
    func foreign(body: String) {
        #expect(
            APIFailure(status: 502, body: Data(body.utf8)).description == "The server answered with HTTP status 502.")
    }
}
