import Schema

/// New entries as they come; ends when the task that reads it is cancelled. For one reader.
///
/// Up to 10,000 entries, or about 32 MiB, wait for a slow reader; what comes after that is counted and dropped.
public final class LogTail: AsyncSequence, Sendable {
    private let inbox: Inbox
    private let hub: TailHub

    init(inbox: Inbox, hub: TailHub) {
        self.inbox = inbox
        self.hub = hub
    }

    deinit { hub.close(inbox) }

    /// Continues with another selection, which holds for entries that are not read yet.
    public func follow(_ selection: TailSelection) { inbox.selection = selection }

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator { Iterator(tail: self) }

    /// Reads a tail.
    public struct Iterator: AsyncIteratorProtocol {
        // Keeps the tail open for as long as it is read.
        fileprivate let tail: LogTail

        /// The next entries that match; waits for them.
        public mutating func next() async -> TailBatch? {
            while let taken = await tail.inbox.take() {
                let entries = taken.entries.filter(taken.filter.matches).sorted(by: LogEntry.areInOrder)
                if !entries.isEmpty || taken.suppressed > 0 {
                    return TailBatch(entries: entries, suppressed: taken.suppressed)
                }
            }
            return nil
        }
    }
}

extension LogEntry {
    fileprivate static func areInOrder(_ left: LogEntry, _ right: LogEntry) -> Bool {
        let (first, second) = (left.timestamp, right.timestamp)
        if first.seconds != second.seconds { return first.seconds < second.seconds }
        if first.nanos != second.nanos { return first.nanos < second.nanos }
        return left.insertID.utf8.lexicographicallyPrecedes(right.insertID.utf8)
    }
}
