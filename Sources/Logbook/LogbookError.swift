import GRDB

/// What the logbook refuses.
public enum LogbookError: Error, Hashable, Sendable {
    /// An entry's `log_name` is not the name of a log.
    case invalidLogName(String)
    /// An entry's time cannot be counted in nanoseconds in 64 bits, or is not a time at all.
    case invalidTimestamp
    /// The disk is full; nothing of the batch was kept.
    case noSpace
    /// As many tails are open as the logbook serves.
    case tooManyTails(limit: Int)

    /// The failures of SQLite that callers are to tell apart; others stay what they are.
    static func translated(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError, error.resultCode == .SQLITE_FULL else { return error }
        return LogbookError.noSpace
    }
}
