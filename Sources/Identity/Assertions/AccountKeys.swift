import Access
import FoundationEssentials

/// Who made a token: an account, by any key of its own or that Landfall holds for it.
struct AccountKeys: Sendable {
    let accounts: any ServiceAccountKeys
    let system: SystemKeys

    /// The account of a claim; nil when there is none, or the address is not written as addresses are.
    func account(_ email: String?) async throws -> ServiceAccountIdentity? {
        guard let email, EmailAddress.canonical(email) == email,
            let account = try await accounts.account(email), account.email == email
        else { return nil }
        return account
    }

    /// All keys of an account that count at a time.
    func usable(of account: ServiceAccountIdentity, at time: Date) async throws -> [PublicKey] {
        let keys = try await accounts.publicKeys(of: account.email) + system.publicKeys(of: account.uniqueID)
        return keys.filter { $0.isUsable(at: time) }
    }
}
