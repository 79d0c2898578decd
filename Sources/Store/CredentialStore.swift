import Access
import FoundationEssentials

/// Tokens, and the keys that sign them.
public protocol CredentialStore: Sendable {
    /// - Throws: `StoreError.alreadyExists` when its digest is taken.
    func insertToken(_ token: TokenRecord) async throws
    /// Adds tokens: all of them, or none. Of an account's refresh tokens the oldest give way to the hundredth.
    ///
    /// - Throws: `StoreError.alreadyExists` when a digest is taken, `StoreError.conflict` when a login has ended that one
    ///   belongs to.
    func insertTokens(_ tokens: [TokenRecord]) async throws
    /// By the SHA-256 of the token; tokens themselves are never stored.
    func token(digest: Data) async throws -> TokenRecord?
    /// Removes a token and, when it belongs to a login, all tokens of that.
    ///
    /// - Returns: the digests of those that there were.
    func deleteTokens(with digest: Data) async throws -> Set<Data>
    /// Removes the tokens of every login of a principal.
    ///
    /// - Returns: how many logins there were.
    func deleteLogins(of principal: Principal) async throws -> Int
    /// Removes the tokens that ended before a time.
    func deleteTokens(expiredBefore time: Date) async throws

    /// The signing keys of an owner, in the order in which they sign; those that have ended too.
    func signingKeys(of owner: String) async throws -> [SigningKeyRecord]
    /// Adds keys: all of them, or none.
    func insertSigningKeys(_ keys: [SigningKeyRecord]) async throws
    /// Removes the keys that ended before a time.
    func deleteSigningKeys(expiredBefore time: Date) async throws
}

/// A token that was issued.
public struct TokenRecord: Hashable, Sendable {
    /// What a token is good for: calls, or new access tokens.
    public enum Kind: String, Sendable {
        case access
        case refresh
    }

    /// The SHA-256 of the token.
    public var digest: Data
    /// What it is good for.
    public var kind: Kind
    /// Whom it stands for.
    public var principal: Principal
    /// When it ends.
    public var expiresAt: Date
    /// The unique id of the service account that it stands for; nil for a person's token, and for one of the time
    /// before accounts had ids.
    public var uniqueID: String?
    /// OAuth scopes, separated by blanks; empty when no limit was asked for.
    public var scope: String
    /// Those who took the token in the principal's name, the first of them first; empty when it got it itself.
    public var delegation: [Principal]
    /// The digest of the refresh token that it was made with; nil for one that was made otherwise.
    public var login: Data?
    /// What the program calls itself that a person has signed in; nil for tokens that were made otherwise.
    public var client: String?

    /// Makes a record of its parts.
    public init(
        digest: Data, kind: Kind, principal: Principal, expiresAt: Date, uniqueID: String? = nil, scope: String = "",
        delegation: [Principal] = [], login: Data? = nil, client: String? = nil
    ) {
        self.digest = digest
        self.kind = kind
        self.principal = principal
        self.expiresAt = expiresAt
        self.uniqueID = uniqueID
        self.scope = scope
        self.delegation = delegation
        self.login = login
        self.client = client
    }
}

/// A key that signs for a service account or for the installation, and is never handed out.
public struct SigningKeyRecord: Hashable, Sendable {
    /// 40 hexadecimal digits.
    public var id: String
    /// Whose it is: a service account's unique id, or `issuer`.
    public var owner: String
    /// PKCS#8, DER.
    public var privateKey: Data
    /// X.509, PEM.
    public var certificate: String
    /// From when it signs; it is published earlier.
    public var signsFrom: Date
    /// When nothing that it signed is good any more.
    public var expiresAt: Date

    /// Makes a record of its parts.
    public init(
        id: String, owner: String, privateKey: Data, certificate: String, signsFrom: Date, expiresAt: Date
    ) {
        self.id = id
        self.owner = owner
        self.privateKey = privateKey
        self.certificate = certificate
        self.signsFrom = signsFrom
        self.expiresAt = expiresAt
    }
}
