import Access
import Directory
import FoundationEssentials

/// What the directory says of service accounts and of the keys that their users hold.
public struct DirectoryAccounts: ServiceAccountKeys, LifetimeExtensions {
    private let directory: Directory

    /// - Parameter directory: where the accounts are kept.
    public init(directory: Directory) {
        self.directory = directory
    }

    /// The keys that users hold of an account. One that cannot be read any more is left out.
    public func publicKeys(of email: String) -> [PublicKey] {
        let state = directory.state
        guard let account = state.serviceAccount(email) else { return [] }
        return (state.serviceAccountKeys[account.uniqueID]?.keys ?? []).compactMap { key in
            guard key.validFrom < key.validUntil else { return nil }
            return try? PublicKey(
                id: key.id, certificate: key.certificate, validity: key.validFrom..<key.validUntil,
                isDisabled: key.isDisabled)
        }
    }

    /// The account of an address or of a unique id. Those of a project that is marked for deletion are disabled.
    public func account(_ emailOrUniqueID: String) -> ServiceAccountIdentity? {
        let state = directory.state
        let byID = state.serviceAccounts[emailOrUniqueID].flatMap { $0.deletedAt == nil ? $0 : nil }
        guard let account = byID ?? state.serviceAccount(emailOrUniqueID) else { return nil }
        return ServiceAccountIdentity(
            uniqueID: account.uniqueID, email: account.email, project: account.project,
            isDisabled: account.isDisabled || state.projects[account.project]?.isActive != true)
    }

    /// Whether the constraint `iam.allowServiceAccountCredentialLifetimeExtension` lists an account.
    public func areAllowed(for account: ServiceAccountIdentity) -> Bool {
        directory.state.access.allows(
            account.email, by: .allowServiceAccountCredentialLifetimeExtension, on: .project(account.project))
    }
}
