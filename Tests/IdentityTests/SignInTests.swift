import Access
import CredentialSupport
import Crypto
import Foundation
import Testing
import WebTokens

@testable import Identity

@Suite("Signing in with a browser")
struct SignInTests {
    private static let verifier = String(repeating: "v", count: 43)
    private let clock = Clock()
    private let alice = Principal.user("alice@example.com")

    private var signIns: SignIns { SignIns(now: { [clock] in clock.now }) }

    private func challenge(of verifier: String = verifier) throws -> CodeChallenge {
        let digest = Data(SHA256.hash(data: Data(verifier.utf8)))
        return try #require(CodeChallenge(Base64URL.encode(digest), method: "S256"))
    }

    private func request() throws -> SignInRequest {
        SignInRequest(
            client: "gcloud", destination: .program("http://localhost:8085/"), state: "s", challenge: try challenge(),
            scope: "a b")
    }

    /// The code of a sign-in that waits.
    private func userCode(_ signIns: SignIns, _ page: String) async throws -> String {
        guard case .waiting(let code, _) = try await signIns.progress(of: page) else { return "" }
        return code
    }

    private func approved(_ signIns: SignIns) async throws -> String {
        let page = try await signIns.begin(request())
        _ = try await signIns.approve(userCode(signIns, page), as: alice)
        guard case .approved(let code, _) = try await signIns.progress(of: page) else { return "" }
        return code
    }

    private func redeem(
        _ code: String, _ signIns: SignIns, verifier: String = verifier,
        redirectURI: String = "http://localhost:8085/", client: String? = nil
    ) async throws -> ApprovedSignIn {
        try await signIns.redeem(code, verifier: verifier, redirectURI: redirectURI, client: client)
    }

    @Test("waits until it is approved, in any spelling of its code, and then gives the program what it asked for")
    func wholeWay() async throws {
        let signIns = signIns
        let page = try await signIns.begin(request())
        let userCode = try await userCode(signIns, page)
        #expect(userCode.wholeMatch(of: /[B-Z]{4}-[B-Z]{4}/) != nil)
        let approved = try await signIns.approve(
            userCode.lowercased().replacingOccurrences(of: "-", with: " "), as: alice)
        #expect(try approved.request == request() && approved.startedAt == clock.now)
        guard case .approved(let code, let shown) = try await signIns.progress(of: page) else {
            Issue.record("it still waits")
            return
        }
        #expect(try shown == request())
        let signIn = try await redeem(code, signIns, client: "gcloud")
        #expect(try signIn.principal == alice && signIn.request == request())
    }

    @Test("is good once: the page's code for one approval, the program's for one try, also a wrong one")
    func once() async throws {
        let signIns = signIns
        let page = try await signIns.begin(request())
        let userCode = try await userCode(signIns, page)
        _ = try await signIns.approve(userCode, as: alice)
        await #expect(throws: SignInError.unknown) {
            try await signIns.approve(userCode, as: .user("eve@example.com"))
        }
        let code = try await approved(signIns)
        _ = try await redeem(code, signIns)
        await #expect(throws: SignInError.unknown) { try await redeem(code, signIns) }
        let other = try await approved(signIns)
        await #expect(throws: SignInError.otherProgram) {
            try await redeem(other, signIns, verifier: String(repeating: "w", count: 43))
        }
        await #expect(throws: SignInError.unknown) { try await redeem(other, signIns) }
    }

    @Test("gives another program nothing: not of another address, not of another name, not with a short verifier")
    func otherPrograms() async throws {
        let signIns = signIns
        for (verifier, address, client) in [
            (Self.verifier, "http://localhost:8086/", nil), (Self.verifier, "http://localhost:8085", nil),
            (Self.verifier, "http://localhost:8085/", "other"), ("v", "http://localhost:8085/", nil),
            ("", "http://localhost:8085/", nil),
        ] as [(String, String, String?)] {
            let code = try await approved(signIns)
            await #expect(throws: SignInError.otherProgram) {
                try await redeem(code, signIns, verifier: verifier, redirectURI: address, client: client)
            }
        }
    }

    @Test("ends after five minutes, before the approval and after it")
    func time() async throws {
        let signIns = signIns
        let page = try await signIns.begin(request())
        let userCode = try await userCode(signIns, page)
        clock.advance(299)
        _ = try await signIns.approve(userCode, as: alice)
        clock.advance(299)
        guard case .approved(let code, _) = try await signIns.progress(of: page) else {
            Issue.record("it still waits")
            return
        }
        clock.advance(1)
        await #expect(throws: SignInError.unknown) { try await redeem(code, signIns) }
        await #expect(throws: SignInError.unknown) { try await signIns.progress(of: page) }
        let late = try await signIns.begin(request())
        let lateCode = try await self.userCode(signIns, late)
        clock.advance(300)
        await #expect(throws: SignInError.unknown) { try await signIns.approve(lateCode, as: alice) }
    }

    @Test("is refused to the hundred and first at once, and possible again when others have ended")
    func tooMany() async throws {
        let signIns = signIns
        for _ in 0..<100 { _ = try await signIns.begin(request()) }
        await #expect(throws: SignInError.tooMany) { try await signIns.begin(request()) }
        clock.advance(300)
        _ = try await signIns.begin(request())
    }

    @Test(
        "is unknown by any other secret or code", arguments: ["", "BCDF-GHJK", "BCDFGHJ", "AEIO-UAEI", "4/landfall-"])
    func unknown(text: String) async throws {
        let signIns = signIns
        _ = try await signIns.begin(request())
        await #expect(throws: SignInError.unknown) { try await signIns.progress(of: text) }
        await #expect(throws: SignInError.unknown) { try await signIns.approve(text, as: alice) }
        await #expect(throws: SignInError.unknown) { try await redeem(text, signIns) }
    }

    @Test(
        "takes a code to this machine, to a port and to nothing else",
        arguments: [
            ("http://localhost:8085/", true), ("http://127.0.0.1:1/", true), ("http://[::1]:65535/", true),
            ("http://localhost:8085", false), ("http://localhost/", false), ("http://localhost:0/", false),
            ("http://localhost:08085/", false), ("http://localhost:65536/", false), ("http://localhost:8085/x", false),
            ("http://localhost:8085/?x", false), ("http://localhost:8085/#", false), ("http://localhost:+80/", false),
            ("https://localhost:8085/", false), ("HTTP://localhost:8085/", false), ("http://localhost.:8085/", false),
            ("http://localhost.evil.example:8085/", false), ("http://localhost:8085@evil.example/", false),
            ("http://localhost:80/@evil.example/", false), ("http://a@localhost:8085/", false),
            ("http://127.0.0.2:8085/", false), ("http://evil.example/", false), ("//localhost:8085/", false),
            ("javascript:alert(1)/", false), ("urn:ietf:wg:oauth:2.0:oob", false), ("", false),
            ("http://localhost:\u{661}/", false), ("http://localhost:80\r\n/", false),
        ])
    func destination(address: String, isTaken: Bool) {
        let destination = SignInDestination(redirectURI: address, universe: "landfall.test")
        #expect(destination == (isTaken ? .program(address) : nil))
    }

    @Test(
        "shows the code itself where gcloud has no browser",
        arguments: [
            ("https://sdk.cloud.google.com/authcode.html", true), ("https://sdk.landfall.test/authcode", true),
            ("https://sdk.cloud.google/applicationdefaultauthcode.html", true),
            ("https://sdk.landfall.test/authcode/", false), ("https://sdk.evil.test/authcode", false),
        ])
    func shown(address: String, isTaken: Bool) {
        let destination = SignInDestination(redirectURI: address, universe: "landfall.test")
        #expect(destination == (isTaken ? .person(address) : nil))
    }

    @Test(
        "takes no challenge but one by SHA-256",
        arguments: [
            (String(repeating: "A", count: 43), "plain"), (String(repeating: "A", count: 43), ""),
            (String(repeating: "A", count: 42), "S256"), (String(repeating: "A", count: 44), "S256"),
            (String(repeating: "=", count: 43), "S256"), ("", "S256"),
        ])
    func badChallenge(text: String, method: String) {
        #expect(CodeChallenge(text, method: method) == nil)
    }
}
