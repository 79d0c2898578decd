import Synchronization

/// Hands new entries to those who wait for them.
final class TailHub: Sendable {
    private static let mostTails = 100

    private let inboxes = Mutex<[ObjectIdentifier: Inbox]>([:])

    /// - Throws: `LogbookError.tooManyTails`.
    func open(_ selection: TailSelection) throws -> LogTail {
        let inbox = Inbox(selection)
        try inboxes.withLock { inboxes in
            guard inboxes.count < Self.mostTails else { throw LogbookError.tooManyTails(limit: Self.mostTails) }
            inboxes[ObjectIdentifier(inbox)] = inbox
        }
        return LogTail(inbox: inbox, hub: self)
    }

    func close(_ inbox: Inbox) { inboxes.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(inbox)) } }

    /// Never waits: a reader that is too slow loses entries.
    func publish(_ entries: some Sequence<LogEntry>) {
        let open = inboxes.withLock { Array($0.values) }
        guard !open.isEmpty else { return }
        let entries = Array(entries)
        for inbox in open { inbox.deliver(entries) }
    }
}
