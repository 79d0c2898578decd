import Access
import Directory
import Workload

/// The login profiles of an installation, and the POSIX accounts that jobs run as when they do not run as root: the
/// site's, and for others accounts that are made at the first use and stay the same for good.
public struct OSLogin: Sendable {
    private let directory: Directory
    private let site: SiteAccounts

    /// - Parameters:
    ///   - directory: where profiles are kept.
    ///   - site: the accounts that exist already.
    public init(directory: Directory, site: SiteAccounts = SiteAccounts()) {
        self.directory = directory
        self.site = site
    }

    /// The user that a principal is.
    public func user(_ principal: Principal) -> OSLoginUser { OSLoginUser(principal, in: directory.state) }

    /// What is kept of a user; an empty profile before the first change.
    public func profile(of user: OSLoginUser) -> LoginProfileRecord { directory.state.loginProfile(of: user) }

    /// Changes what is kept of a user: all of it, or nothing when `body` throws.
    @discardableResult
    public func change<Result: Sendable>(
        profileOf user: OSLoginUser, _ body: @escaping @Sendable (inout LoginProfileRecord) throws -> Result
    ) async throws -> Result {
        try await directory.change { draft in
            var profile = draft.state.loginProfile(of: user)
            let result = try body(&profile)
            try draft.replace(profile, of: user)
            return result
        }
    }

    /// The POSIX account that a user has in the projects of its profile; nil before one was made.
    public func account(of user: OSLoginUser) -> PosixAccount? {
        site.account(of: user.principal) ?? profile(of: user).account.map(PosixAccount.init)
    }

    /// The account of a user in a project, made if it does not exist.
    ///
    /// - Throws: `OSLoginError` when every name that it could have is another's.
    public func account(of user: OSLoginUser, in project: ProjectRecord) async throws -> PosixAccount {
        if let account = account(of: user), profile(of: user).projects.contains(project.id) { return account }
        return try await directory.change { draft in
            var profile = draft.state.loginProfile(of: user)
            let account: PosixAccount
            if let given = site.account(of: user.principal) {
                account = given
            } else {
                let made = try profile.account ?? draft.state.newAccount(of: user, in: project, besides: site)
                profile.account = made
                account = PosixAccount(made)
            }
            profile.addAccount(inProject: project.id)
            try draft.replace(profile, of: user)
            return account
        }
    }
}

extension PosixAccount {
    init(_ account: LoginProfileRecord.Account) {
        self.init(
            username: account.username, uid: account.uid, gid: account.uid, home: "/home/\(account.username)")
    }
}

/// All names or numbers that a principal's account could have belong to others.
public struct OSLoginError: Error, Hashable, Sendable {
    /// Whose account it was to be.
    public let principal: Principal

    init(_ principal: Principal) { self.principal = principal }
}
