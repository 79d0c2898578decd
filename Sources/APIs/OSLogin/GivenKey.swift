import Directory
import FoundationEssentials
import Identity
import Methods
import Schema

/// A key as a request gives it: the line, and when it ends.
struct GivenKey: Sendable {
    private let key: SSHPublicKey
    private let expiresAt: Int64?

    /// - Throws: `INVALID_ARGUMENT` for what is no key.
    init(_ message: Google_Cloud_Oslogin_Common_SshPublicKey) throws {
        do {
            key = try SSHPublicKey(message.key)
        } catch {
            throw ServiceError.invalidArgument(error.description, field: "ssh_public_key.key")
        }
        // Clients write zero for a key that does not end.
        expiresAt = message.expirationTimeUsec == 0 ? nil : message.expirationTimeUsec
    }

    /// Adds the key to a profile, or changes when it ends.
    ///
    /// - Returns: the key, and whether it is new.
    /// - Throws: `INVALID_ARGUMENT`
    @discardableResult
    func put(in profile: inout LoginProfileRecord, at now: Date) throws -> (key: LoginProfileRecord.Key, isNew: Bool) {
        do {
            return try profile.put(key, expiresAt: expiresAt, at: now)
        } catch {
            switch error {
            case .ended:
                throw ServiceError.invalidArgument(
                    "The time at which an SSH public key expires must be in the future.",
                    field: "ssh_public_key.expiration_time_usec")
            case .tooLarge:
                throw ServiceError.invalidArgument(
                    "Login profile size exceeds 32 KiB. Delete profile values to make additional space.")
            }
        }
    }
}
