import Access
import FoundationEssentials

/// Tokens and OS Login accounts.
public protocol CredentialStore: Sendable {
    func insertToken(_ token: TokenRecord) async throws
    /// By the SHA-256 of the token; tokens themselves are never stored.
    func token(digest: Data) async throws -> TokenRecord?
    func deleteTokens(expiredBefore time: Date) async throws

    /// The account that belongs to a principal; nil before the first use.
    func posixAccount(of principal: Principal) async throws -> PosixAccountRecord?
    /// Adds an account for a principal that has none.
    ///
    /// - Throws: `StoreError.alreadyExists` when the username or the uid is another principal's.
    func insertPosixAccount(_ account: PosixAccountRecord) async throws
}

public struct TokenRecord: Hashable, Sendable {
    public enum Kind: String, Sendable {
        case access
        case refresh
    }

    public var digest: Data
    public var kind: Kind
    public var principal: Principal
    public var expiresAt: Date

    public init(digest: Data, kind: Kind, principal: Principal, expiresAt: Date) {
        self.digest = digest
        self.kind = kind
        self.principal = principal
        self.expiresAt = expiresAt
    }
}

/// The OS Login account of a principal: the numbers and names stay the same for good.
public struct PosixAccountRecord: Hashable, Sendable {
    public var principal: Principal
    public var username: String
    public var uid: UInt32

    public init(principal: Principal, username: String, uid: UInt32) {
        self.principal = principal
        self.username = username
        self.uid = uid
    }
}
