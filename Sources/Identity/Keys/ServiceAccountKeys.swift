/// Knows the service accounts and the keys that their users hold.
///
/// Calls are authenticated by what it says, each time: an account or a key that is disabled or deleted must be told so
/// from the next question on.
public protocol ServiceAccountKeys: Sendable {
    /// The user-managed keys of an account; none for an account that does not exist. Disabled ones too.
    ///
    /// - Parameter email: in lower case.
    func publicKeys(of email: String) async throws -> [PublicKey]

    /// An account that exists, whether disabled or not. Those of a project that is marked for deletion are disabled.
    ///
    /// - Parameter emailOrUniqueID: in lower case.
    func account(_ emailOrUniqueID: String) async throws -> ServiceAccountIdentity?
}

/// What tokens have to know of a service account.
public struct ServiceAccountIdentity: Hashable, Sendable {
    /// 21 digits, never used for another account, not even for one of the same address.
    public var uniqueID: String
    /// In lower case.
    public var email: String
    /// Id of the project that it belongs to.
    public var project: String
    /// Whether its tokens and keys are suspended.
    public var isDisabled: Bool

    /// Makes an identity of its parts.
    public init(uniqueID: String, email: String, project: String, isDisabled: Bool = false) {
        self.uniqueID = uniqueID
        self.email = email
        self.project = project
        self.isDisabled = isDisabled
    }
}
