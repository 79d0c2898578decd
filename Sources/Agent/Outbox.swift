import Collections
import Schema
import SwiftProtobuf
import Synchronization

/// What the agent has to tell the server, numbered, kept until the server has acknowledged it.
///
/// It is kept in memory alone: when the agent dies, so do its tasks, and nobody asks for their reports. Any thread
/// may add to it; one link at a time sends from it. Log text is bounded: while `hasRoom` is false the pipes of the
/// tasks are not read. Starts and ends always get in; the server's leases bound them.
final class Outbox: Sendable {
    typealias Item = Landfall_Agent_V1_Item

    /// Raised when there is something new to send.
    let added = Signal()
    private let limit: Int
    private let roomAgain: @Sendable () -> Void
    private let state = Mutex(State())

    private struct Entry {
        var item: Item
        /// What the item counts for in `limit`, 0 for starts and ends.
        var logBytes: Int
    }

    private struct State {
        var entries: Deque<Entry> = []
        /// The sequence number of the first entry, or of the next item when there is none.
        var first: UInt64 = 1
        var logBytes = 0
        var isFull = false

        var next: UInt64 { first + UInt64(entries.count) }
    }

    /// - Parameters:
    ///   - limit: how many bytes of log lines may wait for their acknowledgement, each line's own cost included.
    ///   - roomAgain: called when there is room again after `hasRoom` said no.
    init(limit: Int, roomAgain: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.roomAgain = roomAgain
    }

    /// What the protocol and the memory need for each line beside its text, in bytes.
    static let lineCost = 64

    /// Adds an item.
    func add(_ kind: Item.OneOf_Kind, of attempt: Landfall_Agent_V1_Attempt) {
        let logBytes =
            if case .lines(let lines) = kind {
                lines.lines.reduce(0) { $0 + $1.text.count + Self.lineCost }
            } else { 0 }
        state.withLock { state in
            let item = Item.with {
                $0.sequence = state.next
                $0.attempt = attempt
                $0.time = .now()
                $0.kind = kind
            }
            state.entries.append(Entry(item: item, logBytes: logBytes))
            state.logBytes += logBytes
        }
        added.raise()
    }

    /// Whether more log text may be added. After a no, `roomAgain` is called once half of the limit is free.
    func hasRoom() -> Bool {
        state.withLock { state in
            if state.logBytes >= limit { state.isFull = true }
            return !state.isFull
        }
    }

    /// Whether everything has been acknowledged.
    var isEmpty: Bool { state.withLock { $0.entries.isEmpty } }

    /// The next items after number `sent`, as many as come to about `size` bytes, at least one if there is one.
    func batch(after sent: UInt64, size: Int) -> [Item] {
        state.withLock { state in
            var items: [Item] = []
            var bytes = 0
            var position = Int(max(sent + 1, state.first) - state.first)
            while position < state.entries.count, bytes < size {
                let entry = state.entries[position]
                items.append(entry.item)
                bytes += entry.logBytes + 128
                position += 1
            }
            return items
        }
    }

    /// Drops the items up to number `applied`.
    ///
    /// - Returns: the attempts whose end was among them.
    func acknowledge(_ applied: UInt64) -> [AttemptID] {
        let (ended, freed) = state.withLock { state in
            var ended: [AttemptID] = []
            while state.first <= applied, let entry = state.entries.popFirst() {
                state.first += 1
                state.logBytes -= entry.logBytes
                if case .ended = entry.item.kind { ended.append(AttemptID(entry.item.attempt)) }
            }
            let freed = state.isFull && state.logBytes <= limit / 2
            if freed { state.isFull = false }
            return (ended, freed)
        }
        if freed { roomAgain() }
        return ended
    }
}
