import Access
import FoundationEssentials

/// Tokens and OS Login accounts.
public protocol CredentialStore: Sendable {
    /// - Throws: `StoreError.alreadyExists` when its digest is taken.
    func insertToken(_ token: TokenRecord) async throws
    /// By the SHA-256 of the token; tokens themselves are never stored.
    func token(digest: Data) async throws -> TokenRecord?
    /// Removes the tokens that ended before a time.
    func deleteTokens(expiredBefore time: Date) async throws

    /// The account that belongs to a principal; nil before the first use.
    func posixAccount(of principal: Principal) async throws -> PosixAccountRecord?
    /// Adds an account for a principal that has none.
    ///
    /// - Throws: `StoreError.alreadyExists` when the username or the uid is another principal's.
    func insertPosixAccount(_ account: PosixAccountRecord) async throws
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

    /// Makes a record of its parts.
    public init(digest: Data, kind: Kind, principal: Principal, expiresAt: Date) {
        self.digest = digest
        self.kind = kind
        self.principal = principal
        self.expiresAt = expiresAt
    }
}

/// The OS Login account of a principal: the numbers and names stay the same for good.
public struct PosixAccountRecord: Hashable, Sendable {
    /// Whose it is.
    public var principal: Principal
    /// At most 32 characters.
    public var username: String
    /// At least 1000; the gid is the same.
    public var uid: UInt32

    /// Makes a record of its parts.
    public init(principal: Principal, username: String, uid: UInt32) {
        self.principal = principal
        self.username = username
        self.uid = uid
    }
}
