/// Which principals exist: what a policy may name.
public struct PrincipalDirectory: Hashable, Sendable {
    /// The groups and who is in them.
    public var groups: Groups
    /// The pools whose identities may be granted something.
    public var pools: Set<Pool>
    /// The service accounts by address; nil where they are looked up elsewhere, and any address will do.
    public var accounts: [String: ServiceAccount]?

    /// Makes a directory of its parts.
    public init(groups: Groups = Groups(), pools: Set<Pool> = [], accounts: [String: ServiceAccount]? = nil) {
        self.groups = groups
        self.pools = pools
        self.accounts = accounts
    }

    /// Why a policy cannot name a member: nil when it exists. Everyone with an e-mail address is a person.
    func objection(to member: Member) -> String? {
        switch member {
        case .serviceAccount(let email):
            guard let accounts, accounts[email] == nil else { return nil }
            return "Service account \(email) does not exist."
        case .group(let email):
            return groups.contains(email) ? nil : "Group \(email) does not exist."
        case .subject(_, let pool), .identities(_, let pool):
            guard !pools.contains(pool) else { return nil }
            return "Identity Pool does not exist (\(pool.path)). A pool is named by the number of its project."
        case .user, .domain, .customer, .allUsers, .allAuthenticatedUsers, .accounts, .deleted:
            return nil
        }
    }
}
