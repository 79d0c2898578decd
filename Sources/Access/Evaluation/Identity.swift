/// A member as a key: its hash is computed once, however many policies it is looked up in.
struct Identity: Hashable, Sendable {
    let member: Member
    /// Differs between members nearly always, and from one run of the program to the next.
    let fingerprint: Int

    init(_ member: Member) {
        self.member = member
        fingerprint = member.hashValue
    }

    static func == (left: Identity, right: Identity) -> Bool {
        left.fingerprint == right.fingerprint && left.member == right.member
    }

    func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

    static let everyone = Identity(.allUsers)
    static let authenticated = Identity(.allAuthenticatedUsers)
}

/// Everything by which a binding or a rule can mean one principal.
struct Identities: Sendable {
    /// The principal itself.
    let own: Identity
    /// The groups that it is in, directly or not.
    let groups: IdentityList
    /// Its domain, its organization, its pool and the like.
    let sets: [Identity]
    /// Whether `allAuthenticatedUsers` means it.
    let isAuthenticated: Bool

    /// What `body` finds first: for the principal itself, then for what means more and more others besides.
    @inline(__always)
    func first<Result>(of kinds: MemberKinds, _ body: (Identity) -> Result?) -> Result? {
        if let result = body(own) { return result }
        if kinds.contains(.groups) {
            for group in groups.identities { if let result = body(group) { return result } }
        }
        return others(of: kinds, body)
    }

    /// The same for what is neither the principal itself nor a group.
    @inline(__always)
    private func others<Result>(of kinds: MemberKinds, _ body: (Identity) -> Result?) -> Result? {
        if !kinds.isDisjoint(with: .sets) {
            for set in sets { if let result = body(set) { return result } }
        }
        guard kinds.contains(.everyone) else { return nil }
        if isAuthenticated, let result = body(.authenticated) { return result }
        return body(.everyone)
    }

    /// The same for those that are in a table, by their numbers.
    ///
    /// - Parameter matters: whether a number is worth a look at its member's text.
    @inline(__always)
    func first<Result>(
        in table: IdentityTable, of kinds: MemberKinds, where matters: (Int) -> Bool,
        _ body: (Identity, Int) -> Result?
    ) -> Result? {
        func find(_ identity: Identity) -> Result? {
            table.number(of: identity, where: matters).flatMap { body(identity, $0) }
        }
        if let result = find(own) { return result }
        if kinds.contains(.groups) {
            // Most groups are in no table: their numbers alone are looked at.
            for index in groups.fingerprints.indices where table.mayContain(groups.fingerprints[index], where: matters)
            {
                if let result = find(groups.identities[index]) { return result }
            }
        }
        return others(of: kinds, find)
    }
}

/// Identities with their fingerprints side by side.
struct IdentityList: Sendable {
    let identities: [Identity]
    let fingerprints: [Int]

    static let empty = IdentityList([])

    init(_ identities: [Identity]) {
        self.identities = identities
        fingerprints = identities.map(\.fingerprint)
    }
}

/// Which sorts of members a policy has: what it has none of need not be looked up.
struct MemberKinds: OptionSet, Sendable {
    let rawValue: UInt8

    static let groups = MemberKinds(rawValue: 1)
    static let everyone = MemberKinds(rawValue: 2)
    static let domains = MemberKinds(rawValue: 4)
    static let accounts = MemberKinds(rawValue: 8)
    static let pools = MemberKinds(rawValue: 16)
    /// What `Identities.sets` is looked through for.
    static let sets: MemberKinds = [.domains, .accounts, .pools]
    static let all: MemberKinds = [.groups, .everyone, .sets]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ member: Member) {
        switch member {
        case .group: self = .groups
        case .domain, .customer: self = .domains
        case .accounts: self = .accounts
        case .identities: self = .pools
        case .allUsers, .allAuthenticatedUsers: self = .everyone
        case .user, .serviceAccount, .subject, .deleted: self = []
        }
    }
}
