// Members as allow policies write them: `user:alice@example.com`.

extension Member: CustomStringConvertible {
    /// The longest text of a member, in bytes.
    static let maximumLength = 2048

    /// Reads a member as allow policies write it; addresses and domains become lower case.
    ///
    /// - Returns: nil when it is none of the forms.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        switch text {
        case "allUsers": self = .allUsers
        case "allAuthenticatedUsers": self = .allAuthenticatedUsers
        default:
            guard let colon = text.firstIndex(of: ":") else { return nil }
            let value = String(text[text.index(after: colon)...])
            switch text[..<colon] {
            case "deleted": self.init(tombstone: value)
            case "principal", "principalSet": self.init(poolOrContainer: text)
            case "domain":
                guard let domain = EmailAddress.canonicalDomain(value) else { return nil }
                self = .domain(domain)
            default: self.init(type: String(text[..<colon]), email: value)
            }
        }
    }

    /// Reads an identifier that has no older form: those of deny policies alone are not among them.
    private init?(poolOrContainer text: String) {
        guard let member = Member(identifier: text) else { return nil }
        switch member {
        case .subject, .identities, .accounts: self = member
        default: return nil
        }
    }

    private init?(type: String, email: String) {
        guard let kind = Tombstone.Kind(rawValue: type), let email = EmailAddress.canonical(email) else { return nil }
        self = Tombstone(kind, email: email, uid: "").living
    }

    /// Reads `serviceAccount:robot@example.com?uid=123`.
    private init?(tombstone text: String) {
        guard let mark = text.range(ofSuffix: "?uid="), let member = Member(String(text[..<mark.lowerBound])) else {
            return nil
        }
        self.init(deleting: member, uid: String(text[mark.upperBound...]))
    }

    /// The tombstone of a person, a service account or a group; nil for others, and for a `uid` that is not digits.
    init?(deleting member: Member, uid: String) {
        guard (1...30).contains(uid.utf8.count), uid.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        switch member {
        case .user(let email): self = .deleted(Tombstone(.user, email: email, uid: uid))
        case .serviceAccount(let email): self = .deleted(Tombstone(.serviceAccount, email: email, uid: uid))
        case .group(let email): self = .deleted(Tombstone(.group, email: email, uid: uid))
        default: return nil
        }
    }

    /// How an allow policy writes it.
    public var text: String {
        switch self {
        case .user(let email): "user:\(email)"
        case .serviceAccount(let email): "serviceAccount:\(email)"
        case .group(let email): "group:\(email)"
        case .domain(let domain): "domain:\(domain)"
        case .allUsers: "allUsers"
        case .allAuthenticatedUsers: "allAuthenticatedUsers"
        case .deleted(let tombstone): "deleted:\(tombstone.living.text)?uid=\(tombstone.uid)"
        case .customer, .subject, .identities, .accounts: identifier
        }
    }

    /// How an allow policy writes it.
    public var description: String { text }

}

extension String {
    /// Where the last occurrence of `mark` is.
    func range(ofSuffix mark: String) -> Range<Index>? {
        var end = endIndex
        while let start = index(end, offsetBy: -mark.count, limitedBy: startIndex) {
            if self[start..<end] == mark { return start..<end }
            end = index(before: end)
        }
        return nil
    }
}
