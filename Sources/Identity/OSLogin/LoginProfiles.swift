import Access
import Directory

extension DirectoryDraft {
    /// Keeps a profile in the place of what was kept of a user. One that says nothing new is not kept.
    mutating func replace(_ profile: LoginProfileRecord, of user: OSLoginUser) throws {
        guard profile != state.loginProfile(of: user) else { return }
        if let older = state.olderLoginProfile(of: user) { try remove(older) }
        try put(profile)
    }
}

extension DirectoryState {
    /// Names and numbers that are tried before giving up.
    private static let maximumAttempts = 64

    /// What is kept of a user; an empty profile when nothing is.
    func loginProfile(of user: OSLoginUser) -> LoginProfileRecord {
        if let profile = loginProfiles[user.owner] { return profile }
        var profile = LoginProfileRecord(owner: user.owner)
        profile.account = olderLoginProfile(of: user)?.account
        return profile
    }

    /// The profile of a service account from before service accounts had unique ids: the first account of the address
    /// takes it over.
    func olderLoginProfile(of user: OSLoginUser) -> LoginProfileRecord? {
        guard case .serviceAccount = user.principal, loginProfiles[user.owner] == nil else { return nil }
        return loginProfiles[user.principal.member]
    }

    /// An account whose name and number are nobody's, also on no machine of the site.
    func newAccount(
        of user: OSLoginUser, in project: ProjectRecord, besides site: SiteAccounts
    ) throws -> LoginProfileRecord.Account {
        let isInternal = organization(above: project.resource).map { isMember(user.principal, of: $0) } ?? false
        let name = OSLoginName(user, isInternal: isInternal)
        let taken = loginProfiles.all.compactMap(\.account)
        let (usernames, uids) = (Set(taken.map(\.username)), Set(taken.map(\.uid)))
        let attempts = 0..<Self.maximumAttempts
        let username = attempts.lazy.map { name.username(attempt: $0) }
            .first { !usernames.contains($0) && !site.contains(username: $0) }
        let uid = attempts.lazy.map { name.uid(attempt: $0) }.first { !uids.contains($0) }
        guard let username, let uid else { throw OSLoginError(user.principal) }
        return LoginProfileRecord.Account(username: username, uid: uid)
    }
}
