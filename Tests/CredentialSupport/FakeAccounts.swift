import Foundation
import Identity
import Synchronization

/// Service accounts and their users' keys, as a test says.
public final class FakeAccounts: ServiceAccountKeys {
    private struct Entry {
        var identity: ServiceAccountIdentity
        var keys: [PublicKey] = []
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// No account yet.
    public init() {}

    /// The keys that were set.
    public func publicKeys(of email: String) async throws -> [PublicKey] {
        entries.withLock { $0[email]?.keys ?? [] }
    }

    /// The account that was put, by its address or unique id.
    public func account(_ emailOrUniqueID: String) async throws -> ServiceAccountIdentity? {
        entries.withLock { entries in
            entries.values.first { [$0.identity.email, $0.identity.uniqueID].contains(emailOrUniqueID) }?.identity
        }
    }

    /// Makes an account, in place of one of the same address and without its keys.
    public func put(_ identity: ServiceAccountIdentity) {
        entries.withLock { $0[identity.email] = Entry(identity: identity) }
    }

    /// Says which keys its users hold.
    public func setKeys(_ keys: [PublicKey], of email: String) {
        entries.withLock { $0[email]?.keys = keys }
    }

    /// Disables or enables an account.
    public func setDisabled(_ isDisabled: Bool, _ email: String) {
        entries.withLock { $0[email]?.identity.isDisabled = isDisabled }
    }

    /// Deletes an account with its keys.
    public func delete(_ email: String) {
        entries.withLock { $0[email] = nil }
    }
}
