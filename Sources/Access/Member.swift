/// A member of a binding, as its text says.
public enum Member: Hashable, Sendable {
    case user(String)
    case serviceAccount(String)
    case group(String)
    case domain(String)
    case allUsers
    case allAuthenticatedUsers
    /// A principal that was deleted: grants nothing. With the whole text.
    case deleted(String)
    /// `projectOwner`, `projectEditor` or `projectViewer`, with the whole text.
    case convenience(String)
    /// An identity of a pool, or a set of principals, with the whole text.
    case federated(String)

    /// Reads a member; addresses and domains become lower case.
    ///
    /// - Returns: nil when it is not of the form `<type>:<value>`.
    public init?(_ text: String) {
        switch text {
        case "allUsers": self = .allUsers
        case "allAuthenticatedUsers": self = .allAuthenticatedUsers
        default:
            guard let colon = text.firstIndex(of: ":") else { return nil }
            self.init(type: text[..<colon], value: String(text[text.index(after: colon)...]), text: text)
        }
    }

    private init?(type: Substring, value: String, text: String) {
        switch type {
        case "user": self.init(email: value, Member.user)
        case "serviceAccount": self.init(email: value, Member.serviceAccount)
        case "group": self.init(email: value, Member.group)
        case "domain":
            guard let domain = EmailAddress.canonicalDomain(value) else { return nil }
            self = .domain(domain)
        case "deleted":
            guard let colon = value.firstIndex(of: ":"), value.contains("?uid="),
                ["user", "serviceAccount", "group"].contains(value[..<colon])
            else { return nil }
            self = .deleted(text)
        case "projectOwner", "projectEditor", "projectViewer":
            guard !value.isEmpty else { return nil }
            self = .convenience(text)
        case "principal", "principalSet":
            guard value.hasPrefix("//") else { return nil }
            self = .federated(text)
        default: return nil
        }
    }

    private init?(email: String, _ make: (String) -> Member) {
        guard let email = EmailAddress.canonical(email) else { return nil }
        self = make(email)
    }

    /// How a binding writes it.
    public var text: String {
        switch self {
        case .user(let email): "user:\(email)"
        case .serviceAccount(let email): "serviceAccount:\(email)"
        case .group(let email): "group:\(email)"
        case .domain(let domain): "domain:\(domain)"
        case .allUsers: "allUsers"
        case .allAuthenticatedUsers: "allAuthenticatedUsers"
        case .deleted(let text), .convenience(let text), .federated(let text): text
        }
    }
}
