import Identity

/// Reads what a program asks for in the address that it sends a browser to (RFC 6749, 4.1.1).
struct AuthorizationQuery: Sendable {
    /// The provider of the login configurations that Landfall writes. No pool can have this id: it is reserved.
    static let provider = "locations/global/workforcePools/gcp-landfall/providers/people"
    /// The longest `state`, in bytes.
    private static let longestState = 2048

    /// The domain of the private universe.
    let universe: String

    /// What came of reading.
    enum Outcome {
        /// It can be begun.
        case request(SignInRequest)
        /// It cannot, which the program is told, or the person where there is no program to tell.
        case refused(OAuthAnswer)
    }

    /// Reads a query.
    func read(_ query: String) -> Outcome {
        guard let form = Form(query: query) else { return .refused(SignInPage.refused(.notUnderstood).answer) }
        guard let destination = SignInDestination(redirectURI: form["redirect_uri", default: ""], universe: universe)
        else { return .refused(SignInPage.refused(.badDestination).answer) }
        guard [nil, "", Self.provider].contains(form["provider_name"]) else {
            return .refused(SignInPage.refused(.otherProvider).answer)
        }
        let way = WayBack(destination: destination, state: form["state"])
        guard form["response_type"] == "code" else {
            return .refused(way.refusal("unsupported_response_type", "The response type must be code."))
        }
        guard
            let challenge = CodeChallenge(
                form["code_challenge", default: ""], method: form["code_challenge_method", default: ""])
        else { return .refused(way.refusal("invalid_request", "A code challenge is needed, with the method S256.")) }
        let scope = form["scope", default: Scopes.cloudPlatform]
        guard Scopes.isWellFormed(scope) else {
            return .refused(way.refusal("invalid_scope", "The scopes cannot be read."))
        }
        let client = form["client_id", default: ""]
        guard Self.isClient(client) else {
            return .refused(
                way.refusal("invalid_request", "A client id is needed: letters, digits, dots, dashes and underscores."))
        }
        guard (way.state ?? "").utf8.count <= Self.longestState else {
            return .refused(way.refusal("invalid_request", "The state is longer than 2048 bytes."))
        }
        return .request(
            SignInRequest(
                client: client, destination: destination, state: way.state, challenge: challenge, scope: scope))
    }

    /// Whether a program can call itself so. It can call itself what it likes, and its id tokens are for that name: so it
    /// must not be the address of a service, which would take them as its own.
    private static func isClient(_ name: String) -> Bool {
        (1...256).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
