import Access
import FoundationEssentials

/// People who sign a program in with a browser, from the moment when the browser comes until the program has its tokens.
///
/// Whoever reaches the port can begin one, and nobody there can say who they are: that does the owner of the
/// installation, who gives the code of the page and the account over a socket of their own. All are in memory; who
/// signs in while the server restarts begins again.
public actor SignIns {
    /// At most so many are there at once.
    static let capacity = 100
    /// Seconds from the beginning to the approval, and from there to the tokens.
    public static let lifetime: TimeInterval = 300

    private struct SignIn {
        /// The SHA-256 of what only the browser knows.
        let page: Data
        let userCode: UserCode
        let request: SignInRequest
        let startedAt: Date
        var expiresAt: Date
        var approval: (principal: Principal, code: String)?
    }

    private let now: @Sendable () -> Date
    private var signIns: [SignIn] = []

    /// - Parameter now: the clock.
    public init(now: @escaping @Sendable () -> Date = { Date() }) {
        self.now = now
    }

    /// Begins a sign-in.
    ///
    /// - Returns: the secret by which the browser asks how it goes on.
    /// - Throws: `SignInError.tooMany`
    public func begin(_ request: SignInRequest) throws -> String {
        removeEnded()
        guard signIns.count < Self.capacity else { throw SignInError.tooMany }
        var userCode = UserCode()
        while signIns.contains(where: { $0.userCode == userCode }) { userCode = UserCode() }
        let page = Secret.make(prefix: "")
        let time = now()
        signIns.append(
            SignIn(
                page: Secret.digest(page), userCode: userCode, request: request, startedAt: time,
                expiresAt: time + Self.lifetime))
        return page
    }

    /// How a sign-in stands.
    ///
    /// - Parameter page: what `begin` returned.
    /// - Throws: `SignInError.unknown`
    public func progress(of page: String) throws -> SignInProgress {
        removeEnded()
        let digest = Secret.digest(page)
        guard let found = signIns.first(where: { $0.page == digest }) else { throw SignInError.unknown }
        guard let approval = found.approval else {
            return .waiting(userCode: found.userCode.description, found.request)
        }
        return .approved(code: approval.code, found.request)
    }

    /// Lets a sign-in go on as a person. Only the owner of the installation may come here. The code is used by that.
    ///
    /// - Parameter userCode: what the page shows.
    /// - Throws: `SignInError.unknown`
    public func approve(_ userCode: String, as principal: Principal) throws -> ApprovedSignIn {
        removeEnded()
        guard let code = UserCode(userCode),
            let index = signIns.firstIndex(where: { $0.userCode == code && $0.approval == nil })
        else { throw SignInError.unknown }
        signIns[index].approval = (principal, Secret.make(prefix: "4/landfall-"))
        signIns[index].expiresAt = now() + Self.lifetime
        let found = signIns[index]
        return ApprovedSignIn(principal: principal, request: found.request, startedAt: found.startedAt)
    }

    /// Takes the code of an approved sign-in for good: whoever brings it has one try.
    ///
    /// - Parameters:
    ///   - code: what the browser took to the program.
    ///   - verifier: what the program made its challenge of.
    ///   - redirectURI: where the program says that it got the code.
    ///   - client: what the program calls itself; nil when it does not say.
    /// - Throws: `SignInError.unknown` or `.otherProgram`
    public func redeem(
        _ code: String, verifier: String, redirectURI: String, client: String?
    ) throws -> ApprovedSignIn {
        removeEnded()
        let digest = Secret.digest(code)
        // By digests, so that the time of the search tells nothing of a code.
        guard let index = signIns.firstIndex(where: { $0.approval.map { Secret.digest($0.code) } == digest }),
            let principal = signIns[index].approval?.principal
        else { throw SignInError.unknown }
        let found = signIns.remove(at: index)
        let request = found.request
        guard request.challenge.isMet(by: verifier), request.destination.redirectURI == redirectURI,
            client == nil || client == request.client
        else { throw SignInError.otherProgram }
        return ApprovedSignIn(principal: principal, request: request, startedAt: found.startedAt)
    }

    private func removeEnded() {
        let time = now()
        signIns.removeAll { $0.expiresAt <= time }
    }
}
