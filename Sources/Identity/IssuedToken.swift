import Access
import FoundationEssentials
import Store

/// What is known of a token that was issued here.
public typealias IssuedToken = TokenRecord

/// An access token as its bearer gets it.
public struct AccessToken: Hashable, Sendable {
    /// The secret itself.
    public var value: String
    /// Whom it stands for.
    public var principal: Principal
    /// When it ends.
    public var expiresAt: Date
}

/// Why a token is not accepted.
public enum TokenError: Error, Hashable, Sendable {
    /// It was good once.
    case expired
    /// It was never issued here, was revoked, or is of the wrong kind.
    case unknown
}
