import Access
import FoundationEssentials

// How service accounts come about, go, and come back.

extension ServiceAccountRecord {
    /// How many accounts users can make in a project (quotas of IAM).
    public static let most = 100
    /// How long a deleted account can be undeleted, in seconds.
    public static let undeletable: TimeInterval = 30 * 86_400
    /// How many deleted accounts of a project are kept; of more, the oldest are gone for good.
    public static let mostDeleted = 1000
}

extension DirectoryDraft {
    /// Adds a new account of a user's.
    ///
    /// - Throws: `DirectoryError.alreadyExists` when the address is taken, `DirectoryError.limitReached`.
    public mutating func createAccount(_ account: ServiceAccountRecord) throws {
        try checkRoom(inProject: account.project)
        try put(account)
    }

    /// Deletes an account: its keys and its policy are gone, groups lose it, and policies keep its tombstone, which
    /// grants nothing to another account of the same address.
    public mutating func deleteAccount(_ account: ServiceAccountRecord, at now: Date) throws {
        try bury(.serviceAccount(account.email), uid: account.uniqueID)
        if let policy = state.policies[account.resource.fullName] { try remove(policy) }
        if let keys = state.serviceAccountKeys[account.uniqueID] { try remove(keys) }
        var deleted = account
        deleted.deletedAt = now
        deleted.etag = Etag.random()
        try put(deleted)
        try forgetAccounts(ofProject: account.project, at: now)
    }

    /// Takes up a deleted account again, with what policies granted it.
    ///
    /// - Returns: the account; nil when there is no deleted one of the unique id, or it is deleted for too long.
    /// - Throws: `DirectoryError.alreadyExists` when another account has the address, `DirectoryError.limitReached`.
    public mutating func undeleteAccount(_ uniqueID: String, at now: Date) throws -> ServiceAccountRecord? {
        guard var account = state.serviceAccounts[uniqueID], let deletedAt = account.deletedAt,
            now.timeIntervalSince(deletedAt) < ServiceAccountRecord.undeletable
        else { return nil }
        if account.origin == .user { try checkRoom(inProject: account.project) }
        account.deletedAt = nil
        account.etag = Etag.random()
        try put(account)
        try revive(Tombstone(.serviceAccount, email: account.email, uid: account.uniqueID))
        return account
    }

    private func checkRoom(inProject project: String) throws {
        let count = state.serviceAccounts.all.count {
            $0.project == project && $0.origin == .user && $0.deletedAt == nil
        }
        guard count < ServiceAccountRecord.most else {
            throw DirectoryError.limitReached(ServiceAccountRecord.most)
        }
    }

    /// Removes the accounts that nobody can undelete any more. The default account of a project is remembered: it is
    /// made once.
    mutating func forgetAccounts(ofProject project: String, at now: Date) throws {
        let deleted = state.serviceAccounts.all
            .filter { $0.project == project && $0.origin == .user }
            .compactMap { account in account.deletedAt.map { (account, $0) } }
            .sorted { $0.1 > $1.1 }
        for (index, (account, deletedAt)) in deleted.enumerated()
        where index >= ServiceAccountRecord.mostDeleted
            || now.timeIntervalSince(deletedAt) >= ServiceAccountRecord.undeletable
        {
            try remove(account)
        }
    }
}
