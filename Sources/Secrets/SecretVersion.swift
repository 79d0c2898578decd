import Foundation

/// A version of a secret, without its value.
public struct SecretVersion: Hashable, Sendable {
    /// 1 for the first version of a secret, and one more for each that follows.
    public let number: Int64
    /// Whether its value can be read.
    public let state: State
    /// When it was made.
    public let createdAt: Date
    /// When its value was destroyed.
    public let destroyedAt: Date?
    /// Whether its maker sent a checksum with the value.
    public let hadChecksum: Bool
    /// How often it was changed: what tells its states apart.
    public let revision: Int64

    /// Whether the value of a version can be read.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// It can.
        case enabled
        /// Not for now.
        case disabled
        /// Never again: the value is gone.
        case destroyed
    }
}

/// Why a secret's versions cannot be read or changed.
public enum SecretStoreError: Error, Hashable, Sendable {
    /// There is no such version.
    case noVersion
    /// It is not as the caller has read it.
    case changed
    /// It is not enabled, so that its value cannot be read; or it is destroyed, so that it cannot be changed.
    case unusable(SecretVersion.State)
    /// The secret has as many versions as may be.
    case tooManyVersions(Int)
    /// The key is missing, or is another one than the values were sealed with.
    case wrongKey
    /// The disk is full.
    case noSpace
}
