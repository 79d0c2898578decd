import FoundationEssentials
import Store
import Synchronization

/// Tokens that are recognised without a look at the disk.
///
/// What is remembered was read a moment ago. A token that is revoked in between must not come back: whoever reads says
/// since when, and what was forgotten after that is not remembered again.
final class RecentTokens: Sendable {
    /// At most so many are remembered: then all are forgotten.
    private static let capacity = 4096

    private struct State {
        var records: [Data: TokenRecord] = [:]
        var revocations = 0
    }

    private let state = Mutex(State())

    /// When something was read: how many times tokens had been revoked.
    struct Moment {
        fileprivate let revocations: Int
    }

    /// Now, for what is about to be read.
    var moment: Moment { state.withLock { Moment(revocations: $0.revocations) } }

    /// A token by its digest.
    subscript(digest: Data) -> TokenRecord? { state.withLock { $0.records[digest] } }

    /// Remembers a token that was read or written after `moment`, unless tokens were revoked meanwhile.
    func remember(_ record: TokenRecord, since moment: Moment) {
        state.withLock { state in
            guard state.revocations == moment.revocations else { return }
            if state.records.count >= Self.capacity { state.records = [:] }
            state.records[record.digest] = record
        }
    }

    /// Forgets tokens that were revoked.
    func forget(_ digests: Set<Data>) {
        state.withLock { state in
            state.revocations += 1
            for digest in digests { state.records[digest] = nil }
        }
    }

    /// Forgets all, since any of them may have been revoked.
    func forgetAll() {
        state.withLock { state in
            state.revocations += 1
            state.records = [:]
        }
    }

    /// Forgets those that have ended by themselves.
    func forgetAll(endedBefore time: Date) {
        state.withLock { state in state.records = state.records.filter { $0.value.expiresAt >= time } }
    }
}
