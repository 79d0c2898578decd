import FoundationEssentials
import Identity
import Synchronization

/// Tokens that were issued a short while ago, for whoever asks for the same.
final class RecentlyMinted: Sendable {
    struct Key: Hashable {
        /// Unique id of the account.
        var account: String
        var scope: String
        /// Unique id of the job.
        var job: String
    }

    /// At most so many are kept: then all are forgotten.
    private static let capacity = 4096
    /// A token that ends sooner is not handed out again, in seconds: agents keep those that they get.
    private static let reserve: TimeInterval = 1800

    private let tokens = Mutex<[Key: AccessToken]>([:])

    /// A token that is good for long enough.
    subscript(key: Key, at time: Date) -> AccessToken? {
        tokens.withLock { tokens in
            tokens[key].flatMap { $0.expiresAt.timeIntervalSince(time) > Self.reserve ? $0 : nil }
        }
    }

    /// Keeps a token for others.
    func keep(_ token: AccessToken, for key: Key) {
        tokens.withLock { tokens in
            if tokens.count >= Self.capacity { tokens = [:] }
            tokens[key] = token
        }
    }
}
