import Schema

/// Where log entries of tasks go.
public protocol LogSink: Sendable {
    /// Keeps entries: durable when it returns.
    ///
    /// After a crash the same entries may come again, with the same `insert_id` and time; they are to be kept once.
    func append(_ entries: [Google_Logging_V2_LogEntry]) async throws
}
