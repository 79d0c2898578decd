/// Which new entries a tail is for.
public struct TailSelection: Sendable {
    /// Whose logs.
    public var views: [LogView]
    /// Which entries of them.
    public var filter: LogFilter
    /// How long entries are held back to be put in order.
    public var window: Duration

    /// Makes a selection; without a filter, of all entries.
    public init(views: [LogView], filter: LogFilter = .everything, window: Duration = .zero) {
        self.views = views
        self.filter = filter
        self.window = window
    }
}

/// New entries in order of time and `insert_id`.
public struct TailBatch: Sendable {
    /// Those that match the filter.
    public var entries: [LogEntry]
    /// How many new entries of these logs were dropped unseen, because the reader was too slow.
    public var suppressed: Int
}
