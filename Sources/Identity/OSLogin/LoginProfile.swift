import Directory
import FoundationEssentials

// The rules of login profiles.

extension LoginProfileRecord {
    /// The most bytes of all keys together.
    public static let maximumSize = 32 << 10

    /// The keys that have not ended, the oldest first.
    public func keys(at now: Date) -> [Key] { keys.filter { !Self.hasEnded($0.expiresAt, at: now) } }

    /// The key of a fingerprint, unless it has ended.
    public func key(_ fingerprint: String, at now: Date) -> Key? {
        keys(at: now).first { $0.fingerprint == fingerprint }
    }

    /// Adds a key, or changes when it ends. Keys that have ended are forgotten.
    ///
    /// - Parameter expiresAt: in microseconds since 1970; nil for never.
    /// - Returns: the key, and whether it is new.
    /// - Throws: `LoginProfileError.ended`, and `LoginProfileError.tooLarge` when all keys together are too long.
    @discardableResult
    public mutating func put(
        _ key: SSHPublicKey, expiresAt: Int64?, at now: Date
    ) throws(LoginProfileError) -> (key: Key, isNew: Bool) {
        guard !Self.hasEnded(expiresAt, at: now) else { throw .ended }
        let key = Key(text: key.text, expiresAt: expiresAt)
        var wanted = keys(at: now)
        let known = wanted.firstIndex { $0.text == key.text }
        if let known { wanted[known] = key } else { wanted.append(key) }
        guard wanted.reduce(0, { $0 + $1.text.utf8.count }) <= Self.maximumSize else { throw .tooLarge }
        keys = wanted
        return (key, known == nil)
    }

    /// Removes a key.
    ///
    /// - Returns: whether there was one of this fingerprint that had not ended.
    public mutating func removeKey(_ fingerprint: String, at now: Date) -> Bool {
        let before = keys(at: now)
        keys = before.filter { $0.fingerprint != fingerprint }
        return keys.count < before.count
    }

    /// Makes the account exist in a project; in the first of them it is the primary one.
    public mutating func addAccount(inProject id: String) {
        if !projects.contains(id) { projects.append(id) }
    }

    /// Takes the account out of a project. It has the same name and numbers when it comes back.
    ///
    /// - Returns: whether it was there.
    public mutating func removeAccount(inProject id: String) -> Bool {
        guard let index = projects.firstIndex(of: id) else { return false }
        projects.remove(at: index)
        return true
    }

    private static func hasEnded(_ expiresAt: Int64?, at now: Date) -> Bool {
        expiresAt.map { Double($0) <= now.timeIntervalSince1970 * 1_000_000 } ?? false
    }
}

extension LoginProfileRecord.Key {
    /// The SHA-256 of the text in hexadecimal.
    public var fingerprint: String { SSHPublicKey.fingerprint(of: text) }
}

/// Why a profile does not take a key.
public enum LoginProfileError: Error, Hashable, Sendable {
    /// The key would have ended already.
    case ended
    /// All keys together would be longer than `LoginProfileRecord.maximumSize`.
    case tooLarge
}
