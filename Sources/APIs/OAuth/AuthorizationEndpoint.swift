import Identity

/// The authorization endpoint of OAuth 2.0, `GET /authorize`: where a program sends a person's browser, and where that
/// waits until the owner of the installation has said who it is.
struct AuthorizationEndpoint: Sendable {
    let signIns: SignIns
    let reader: AuthorizationQuery

    /// Begins a sign-in, and sends the browser to the page on which it waits.
    func begin(query: String) async -> OAuthAnswer {
        switch reader.read(query) {
        case .refused(let answer): return answer
        case .request(let request):
            guard let page = try? await signIns.begin(request) else {
                return WayBack(destination: request.destination, state: request.state).refusal(
                    "temporarily_unavailable", "Too many people sign in: try again in five minutes.")
            }
            return .redirect(to: "/signin/\(page)")
        }
    }

    /// Shows how a sign-in stands, and sends the browser on once it is approved.
    func page(_ id: String) async -> OAuthAnswer {
        switch try? await signIns.progress(of: id) {
        case .waiting(let code, let request): SignInPage.waiting(code, request.destination).answer
        case .approved(let code, let request):
            WayBack(destination: request.destination, state: request.state).success(code)
        case nil: SignInPage.ended.answer
        }
    }
}
