/// Someone or something that can be granted access, and that a call is made by.
public enum Principal: Hashable, Sendable, Codable {
    /// A person, by e-mail address in lower case.
    case user(String)
    /// A service account, by e-mail address in lower case.
    case serviceAccount(String)

    /// The e-mail address.
    public var email: String {
        switch self {
        case .user(let email), .serviceAccount(let email): email
        }
    }

    /// How a policy's binding writes it: `user:alice@example.com`.
    public var member: String {
        switch self {
        case .user(let email): "user:\(email)"
        case .serviceAccount(let email): "serviceAccount:\(email)"
        }
    }
}
