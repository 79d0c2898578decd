import FoundationEssentials

/// Where the credentials of one attempt come from: the server, which looks at each request anew.
public protocol CredentialSource: Sendable {
    /// A token of the attempt's service account.
    ///
    /// - Parameter scopes: empty for those of the job.
    /// - Throws: `CredentialFailure`
    func accessToken(scopes: [String]) async throws -> Credential

    /// A JWT that says who the attempt's service account is.
    ///
    /// - Throws: `CredentialFailure`
    func identityToken(_ request: IdentityTokenRequest) async throws -> Credential
}

/// What an id token is asked for with.
public struct IdentityTokenRequest: Hashable, Sendable {
    /// For whom it is; not empty.
    public var audience: String
    /// With what is known of the machine.
    public var isFull: Bool
    /// With the machine's licences.
    public var hasLicenses: Bool

    /// A request of these parts.
    public init(audience: String, isFull: Bool = false, hasLicenses: Bool = false) {
        self.audience = audience
        self.isFull = isFull
        self.hasLicenses = hasLicenses
    }
}

/// A token and its end.
public struct Credential: Hashable, Sendable {
    /// The secret itself.
    public var token: String
    /// When it ends.
    public var expiresAt: Date

    /// A token that ends at a time.
    public init(token: String, expiresAt: Date) {
        self.token = token
        self.expiresAt = expiresAt
    }
}

/// Why there is no credential.
public enum CredentialFailure: Error, Hashable, Sendable {
    /// The account is disabled or not to be used by the job; the reason is for people.
    case refused(String)
    /// The account, or the attempt, is no more.
    case gone(String)
    /// The server cannot be reached, or is too busy; it may soon be.
    case unavailable
}
