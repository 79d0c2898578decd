import Access
import Store
import Workload

/// The POSIX accounts that jobs run as when they do not run as root: made at the first use, the same for good.
public struct OSLoginAccounts: Sendable {
    /// Names and numbers that are tried before giving up.
    private static let maximumAttempts = 64

    private let store: any CredentialStore

    /// - Parameter store: where the accounts are kept.
    public init(store: any CredentialStore) {
        self.store = store
    }

    /// The account of a principal in the organization of a domain.
    ///
    /// - Throws: `OSLoginError` when every name that it could have is another's.
    public func account(of principal: Principal, domain: String) async throws -> PosixAccount {
        let name = OSLoginName(principal, isInternal: Accounts.isInternal(principal, domain: domain))
        for attempt in 0..<Self.maximumAttempts {
            if let existing = try await store.posixAccount(of: principal) { return PosixAccount(existing) }
            // The store does not say whether the name or the number was taken: change them in turn.
            let record = PosixAccountRecord(
                principal: principal, username: name.username(attempt: attempt / 2),
                uid: name.uid(attempt: (attempt + 1) / 2))
            do {
                try await store.insertPosixAccount(record)
                return PosixAccount(record)
            } catch StoreError.alreadyExists {
                continue
            }
        }
        throw OSLoginError.noFreeName(principal.name)
    }
}

extension PosixAccount {
    init(_ record: PosixAccountRecord) {
        self.init(
            username: record.username, uid: record.uid, gid: record.uid, home: "/home/\(record.username)")
    }
}

/// Why a principal has no POSIX account.
public enum OSLoginError: Error, Hashable, Sendable {
    /// All names that the principal could have belong to others.
    case noFreeName(String)
}
