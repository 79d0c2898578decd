/// Says which service accounts may have access tokens of up to twelve hours (the organization policy
/// `iam.allowServiceAccountCredentialLifetimeExtension`).
public protocol LifetimeExtensions: Sendable {
    /// Whether an account may.
    func areAllowed(for account: ServiceAccountIdentity) async throws -> Bool
}

/// For no account, as where no organization policy says otherwise.
public struct NoLifetimeExtensions: LifetimeExtensions {
    /// Allows none.
    public init() {}

    /// False.
    public func areAllowed(for account: ServiceAccountIdentity) async throws -> Bool { false }
}
