import Access
import Directory

/// The accounts of an installation: every person with an e-mail address, and its service accounts.
///
/// There is no list of people. Whoever may open the owner-only socket may log in as any of them; what a person
/// may do is for the policies to say.
public struct Accounts: Sendable {
    private let directory: Directory

    /// - Parameter directory: knows the projects and with them their service accounts.
    public init(directory: Directory) {
        self.directory = directory
    }

    /// The account of an e-mail address, in any case.
    ///
    /// - Throws: `AccountError`
    public func principal(email: String) throws -> Principal {
        guard let address = EmailAddress.canonical(email) else { throw AccountError.invalidAddress }
        guard EmailAddress.isServiceAccount(address) else { return .user(address) }
        guard directory.state.serviceAccount(address) != nil else {
            throw AccountError.noSuchServiceAccount(address)
        }
        return .serviceAccount(address)
    }
}

/// Why an e-mail address is no account.
public enum AccountError: Error, Hashable, Sendable {
    /// It is not an e-mail address.
    case invalidAddress
    /// It is of a service account that does not exist.
    case noSuchServiceAccount(String)
}
