// Members as identifiers of IAM's second version, which deny policies use for everyone and allow policies for pools:
// `principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/alice`.

extension Member {
    /// Reads an identifier: `principal://…`, `principalSet://…` or the `deleted:` form of one.
    ///
    /// - Returns: nil when it is none of the forms.
    public init?(identifier text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        if text.hasPrefix("deleted:") {
            guard let mark = text.range(ofSuffix: "?uid="),
                let member = Member(
                    identifier: String(text[text.index(text.startIndex, offsetBy: 8)..<mark.lowerBound]))
            else { return nil }
            self.init(deleting: member, uid: String(text[mark.upperBound...]))
        } else if text.hasPrefix("principal://") {
            self.init(single: text.dropFirst("principal://".count))
        } else if text.hasPrefix("principalSet://") {
            self.init(set: text.dropFirst("principalSet://".count))
        } else {
            return nil
        }
    }

    /// How a deny policy writes it; nil for what only allow policies can say.
    public var identifier: String {
        switch self {
        case .user(let email): "principal://goog/subject/\(email)"
        case .serviceAccount(let email): "principal://iam.googleapis.com/projects/-/serviceAccounts/\(email)"
        case .group(let email): "principalSet://goog/group/\(email)"
        case .customer(let id): "principalSet://goog/cloudIdentityCustomerId/\(id)"
        case .allUsers: "principalSet://goog/public:all"
        case .subject(let subject, let pool): "principal://iam.googleapis.com/\(pool.path)/subject/\(subject)"
        case .identities(.all, let pool): "principalSet://iam.googleapis.com/\(pool.path)/*"
        case .identities(.group(let group), let pool): "principalSet://iam.googleapis.com/\(pool.path)/group/\(group)"
        case .identities(.attribute(let name, let value), let pool):
            "principalSet://iam.googleapis.com/\(pool.path)/attribute.\(name)/\(value)"
        case .accounts(let accounts, let container):
            "principalSet://cloudresourcemanager.googleapis.com/\(container)/type/\(accounts.rawValue)"
        case .deleted(let tombstone): "deleted:\(tombstone.living.identifier)?uid=\(tombstone.uid)"
        // Deny policies know no domains, and nobody who is merely authenticated.
        case .domain, .allAuthenticatedUsers: text
        }
    }

    private init?(single text: Substring) {
        let accounts = "iam.googleapis.com/projects/-/serviceAccounts/"
        if text.hasPrefix("goog/subject/") {
            guard let email = EmailAddress.canonical(String(text.dropFirst("goog/subject/".count))) else { return nil }
            self = .user(email)
        } else if text.hasPrefix(accounts) {
            guard let email = EmailAddress.canonical(String(text.dropFirst(accounts.count))) else { return nil }
            self = .serviceAccount(email)
        } else {
            guard let (pool, rest) = Pool.read(text), rest.hasPrefix("subject/") else { return nil }
            let subject = rest.dropFirst("subject/".count)
            guard (1...127).contains(subject.utf8.count) else { return nil }
            self = .subject(String(subject), pool)
        }
    }

    private init?(set text: Substring) {
        if text == "goog/public:all" {
            self = .allUsers
        } else if text.hasPrefix("goog/group/") {
            guard let email = EmailAddress.canonical(String(text.dropFirst("goog/group/".count))) else { return nil }
            self = .group(email)
        } else if text.hasPrefix("goog/cloudIdentityCustomerId/") {
            let id = text.dropFirst("goog/cloudIdentityCustomerId/".count)
            guard id.hasPrefix("C"), (2...32).contains(id.utf8.count), id.utf8.allSatisfy(Self.isWord) else {
                return nil
            }
            self = .customer(String(id))
        } else if text.hasPrefix("cloudresourcemanager.googleapis.com/") {
            self.init(container: text.dropFirst("cloudresourcemanager.googleapis.com/".count))
        } else {
            guard let (pool, rest) = Pool.read(text), let selection = Pool.Selection(rest) else { return nil }
            self = .identities(selection, pool)
        }
    }

    /// Reads `projects/123/type/ServiceAccount`.
    private init?(container text: Substring) {
        let words = text.split(separator: "/", omittingEmptySubsequences: false)
        guard words.count == 4, words[2] == "type", let accounts = Accounts(rawValue: String(words[3])),
            ["projects", "folders", "organizations"].contains(words[0]), Pool.isNumber(words[1])
        else { return nil }
        self = .accounts(accounts, in: "\(words[0])/\(words[1])")
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}

extension Pool {
    /// Reads the pool at the beginning of `iam.googleapis.com/locations/…`, and what follows it; nil when there is none.
    public static func read(_ text: Substring) -> (Pool, rest: Substring)? {
        let words = text.split(separator: "/", maxSplits: 7, omittingEmptySubsequences: false)
        guard words.first == "iam.googleapis.com" else { return nil }
        if words.count >= 6, words[1] == "locations", words[2] == "global", words[3] == "workforcePools",
            isID(words[4])
        {
            return (.workforce(String(words[4])), text[words[5].startIndex...])
        }
        guard words.count == 8, words[1] == "projects", isNumber(words[2]), words[3] == "locations",
            words[4] == "global", words[5] == "workloadIdentityPools", isID(words[6])
        else { return nil }
        return (.workload(String(words[6]), project: String(words[2])), words[7])
    }

    static func isNumber(_ text: Substring) -> Bool {
        (1...20).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isID(_ text: Substring) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}

extension Pool.Selection {
    /// Reads `*`, `group/admins` or `attribute.repository/acme`.
    init?(_ text: Substring) {
        guard text != "*" else {
            self = .all
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, parts[1].utf8.count <= 1024 else { return nil }
        if parts[0] == "group" {
            self = .group(String(parts[1]))
        } else {
            let name = parts[0].dropFirst("attribute.".count)
            guard parts[0].hasPrefix("attribute."), (1...100).contains(name.utf8.count) else { return nil }
            self = .attribute(String(name), String(parts[1]))
        }
    }
}
