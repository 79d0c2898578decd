import Foundation

/// What to read from the logbook.
public struct LogQuery: Sendable {
    /// Whose logs.
    public var views: [LogView]
    /// Which entries of them.
    public var filter: LogFilter
    /// From the latest entry backwards.
    public var newestFirst: Bool
    /// The most entries of a page, at least 1.
    public var pageSize: Int
    /// Where the page before ended.
    public var after: LogPosition?

    /// Makes a query; without more, for the first 50 entries of all.
    public init(
        views: [LogView], filter: LogFilter = .everything, newestFirst: Bool = false, pageSize: Int = 50,
        after: LogPosition? = nil
    ) {
        self.views = views
        self.filter = filter
        self.newestFirst = newestFirst
        self.pageSize = pageSize
        self.after = after
    }
}

/// Some of the entries that were asked for.
public struct LogPage: Sendable {
    /// In the order that was asked for.
    public var entries: [LogEntry]
    /// Where to go on; nil at the end.
    public var next: LogPosition?
}

/// A place in the order of entries: that of an entry, or of one that was there.
public struct LogPosition: Hashable, Codable, Sendable {
    /// Nanoseconds since 1970.
    let timestamp: Int64
    let insertID: String
    /// The log's id in the database.
    let log: Int64

    /// Whether it comes before another in the order of the database.
    func precedes(_ other: LogPosition) -> Bool {
        if timestamp != other.timestamp { return timestamp < other.timestamp }
        if insertID != other.insertID { return insertID.utf8.lexicographicallyPrecedes(other.insertID.utf8) }
        return log < other.log
    }
}

/// How much work one page may cost.
struct ScanLimits: Sendable {
    /// Entries looked at.
    var entries = 200_000
    var time = Duration.seconds(1)
    /// Bytes of the entries of a page; one entry may exceed it.
    var bytes = 4 << 20
}
