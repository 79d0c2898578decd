import FoundationEssentials
import Identity

/// The authorization endpoint of OAuth 2.0, `GET /authorize`: where a program sends a person's browser, and where that
/// waits until the owner of the installation has said who it is.
struct AuthorizationEndpoint: Sendable {
    /// The provider of the login configurations that Landfall writes. No pool can have this id: it is reserved.
    static let provider = "locations/global/workforcePools/gcp-landfall/providers/people"
    /// The longest `state` and the longest name of a program, in bytes.
    private static let longestText = 2048

    let signIns: SignIns
    let universe: String

    /// Begins a sign-in, and sends the browser to the page on which it waits.
    func begin(query: String) async -> OAuthAnswer {
        guard let form = Form(Data(query.utf8)) else { return SignInPage.refused(.notUnderstood).answer }
        guard let destination = SignInDestination(redirectURI: form["redirect_uri", default: ""], universe: universe)
        else { return SignInPage.refused(.badDestination).answer }
        guard [nil, "", Self.provider].contains(form["provider_name"]) else {
            return SignInPage.refused(.otherProvider).answer
        }
        let back = Return(destination: destination, state: form["state"])
        guard form["response_type"] == "code" else {
            return back.refusal("unsupported_response_type", "The response type must be code.")
        }
        guard
            let challenge = CodeChallenge(
                form["code_challenge", default: ""], method: form["code_challenge_method", default: ""])
        else { return back.refusal("invalid_request", "A code challenge is needed, with the method S256.") }
        let scope = form["scope", default: Scopes.cloudPlatform]
        guard Scopes.isWellFormed(scope) else { return back.refusal("invalid_scope", "No scopes can be read.") }
        let client = form["client_id", default: ""]
        guard (1...Self.longestText).contains(client.utf8.count),
            form["state", default: ""].utf8.count <= Self.longestText
        else { return back.refusal("invalid_request", "A client id is needed, and a state of at most 2 KiB.") }
        do {
            let page = try await signIns.begin(
                SignInRequest(
                    client: client, destination: destination, state: back.state, challenge: challenge, scope: scope))
            return .redirect(to: "/signin/\(page)")
        } catch {
            return back.refusal("temporarily_unavailable", "Too many people sign in: try again in five minutes.")
        }
    }

    /// Shows how a sign-in stands, and sends the browser on once it is approved.
    func page(_ id: String) async -> OAuthAnswer {
        do {
            switch try await signIns.progress(of: id) {
            case .waiting(let code, let request): return SignInPage.waiting(code, request.destination).answer
            case .approved(let code, let request):
                return Return(destination: request.destination, state: request.state).success(code)
            }
        } catch {
            return SignInPage.ended.answer
        }
    }
}

/// The way back to the program (RFC 6749, 4.1.2).
private struct Return {
    let destination: SignInDestination
    let state: String?

    func success(_ code: String) -> OAuthAnswer {
        guard case .program(let address) = destination else { return SignInPage.code(code).answer }
        return .redirect(to: Self.address(address, [("code", code), ("state", state)]))
    }

    /// Tells the program why it gets no code; or the person, when nobody else would hear of it.
    func refusal(_ error: String, _ description: String) -> OAuthAnswer {
        guard case .program(let address) = destination else { return SignInPage.refused(.other(description)).answer }
        let fields = [("error", error), ("error_description", description), ("state", state)]
        return .redirect(to: Self.address(address, fields))
    }

    /// An address with these fields as its query.
    private static func address(_ path: String, _ fields: [(String, String?)]) -> String {
        let query = fields.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }.joined(separator: "&")
        return query.isEmpty ? path : "\(path)?\(query)"
    }

    /// Whatever is not unreserved (RFC 3986, 2.3) is written by its bytes: nothing can end a header or begin a field.
    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
    }
}
