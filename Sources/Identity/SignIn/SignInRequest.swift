import Access
import FoundationEssentials

/// What a program asks for that sends a person's browser here to be signed in (RFC 6749, 4.1.1).
public struct SignInRequest: Hashable, Sendable {
    /// What the program calls itself. It is not believed: anybody can say so.
    public var client: String
    /// Where the browser goes on.
    public var destination: SignInDestination
    /// What it wants back with the code, to know its own sign-in by; nil when it wants nothing.
    public var state: String?
    /// What only the program knows.
    public var challenge: CodeChallenge
    /// OAuth scopes, separated by blanks.
    public var scope: String

    /// Makes a request of its parts.
    public init(
        client: String, destination: SignInDestination, state: String?, challenge: CodeChallenge, scope: String
    ) {
        self.client = client
        self.destination = destination
        self.state = state
        self.challenge = challenge
        self.scope = scope
    }
}

/// A sign-in that the owner of the installation has approved.
public struct ApprovedSignIn: Hashable, Sendable {
    /// Who is signed in.
    public var principal: Principal
    /// What the program asked for.
    public var request: SignInRequest
    /// When the browser came.
    public var startedAt: Date
}

/// Where a sign-in stands.
public enum SignInProgress: Hashable, Sendable {
    /// Nobody has said yet who signs in.
    case waiting(userCode: String, SignInRequest)
    /// The browser can take the code to the program.
    case approved(code: String, SignInRequest)
}

/// Why a sign-in does not go on.
public enum SignInError: Error, Hashable, Sendable {
    /// As many wait as can.
    case tooMany
    /// There is none, or its time is over, or it has been used.
    case unknown
    /// The code was brought by another program than the one that asked for it, or for another address.
    case otherProgram
}
