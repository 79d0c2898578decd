import Foundation
import GRDB

/// Reads sources in one order and keeps what matches, within bounds.
struct Scan {
    private let query: LogQuery
    private let limits: ScanLimits
    private let range: ScanRange
    private var sources: [Source]
    private var streams: StreamCache
    private var position: LogPosition?
    private var entries: [LogEntry] = []
    private var bytes = 0

    static func page(_ query: LogQuery, _ limits: ScanLimits, _ database: Database) throws -> LogPage {
        var scan = Scan(query, limits, try Source.selected(by: query, database))
        return try scan.run(database)
    }

    private init(_ query: LogQuery, _ limits: ScanLimits, _ sources: [Source]) {
        self.query = query
        self.limits = limits
        self.sources = sources
        position = query.after
        range = ScanRange(
            times: query.filter.plan.times, newestFirst: query.newestFirst,
            rowsPerFetch: max(8, 256 / max(1, sources.count)))
        streams = StreamCache(query.filter.plan)
    }

    private mutating func run(_ database: Database) throws -> LogPage {
        let deadline = ContinuousClock.now + limits.time
        var seen = 0
        while let row = try next(database) {
            let isFull = entries.count >= query.pageSize || bytes >= limits.bytes
            if isFull || seen >= limits.entries || ContinuousClock.now > deadline {
                // At least one entry is looked at, or the position would never move.
                if seen > 0 { return LogPage(entries: entries, next: position) }
            }
            seen += 1
            position = row.position
            try keep(row, database)
        }
        return LogPage(entries: entries, next: nil)
    }

    /// Takes the next entry of all sources.
    private mutating func next(_ database: Database) throws -> Source.Row? {
        var first: (index: Int, row: Source.Row)?
        for index in sources.indices {
            guard let row = try sources[index].peek(range, after: position, database) else { continue }
            if let best = first {
                let precedes = row.position.precedes(best.row.position)
                guard precedes != query.newestFirst else { continue }
            }
            first = (index, row)
        }
        guard let first else { return nil }
        sources[first.index].take()
        return first.row
    }

    private mutating func keep(_ row: Source.Row, _ database: Database) throws {
        let plan = query.filter.plan
        guard let template = try streams.template(row.stream, database), streams.matches(severity: row.severity) else {
            return
        }
        var entry = try LogEntry(serializedBytes: row.body)
        entry.logName = template.logName
        entry.resource = template.resource
        entry.labels = template.labels
        entry.timestamp = Nanoseconds.timestamp(row.position.timestamp)
        entry.insertID = row.position.insertID
        guard plan.entries.allSatisfy({ $0.matches(entry) }) else { return }
        entries.append(entry)
        bytes += row.body.count
    }
}

/// The streams that a scan met, with what the filter says of them.
private struct StreamCache {
    private static let mostKept = 10_000

    private let plan: FilterPlan
    /// Nil for streams that do not match.
    private var templates: [Int64: LogEntry?] = [:]
    private var severities: [Int: Bool] = [:]

    init(_ plan: FilterPlan) { self.plan = plan }

    /// What the entries of a stream share; nil when the filter excludes it.
    mutating func template(_ id: Int64, _ database: Database) throws -> LogEntry? {
        if let known = templates[id] { return known }
        let statement = try database.cachedStatement(sql: "SELECT template FROM streams WHERE id = ?")
        guard let row = try GRDB.Row.fetchOne(statement, arguments: [id]) else { return nil }
        let template = try LogEntry(serializedBytes: row[0] as Data)
        let matches = (plan.series + plan.streams).allSatisfy { $0.matches(template) }
        if templates.count >= Self.mostKept { templates.removeAll() }
        templates[id] = .some(matches ? template : nil)
        return matches ? template : nil
    }

    mutating func matches(severity: Int) -> Bool {
        if let known = severities[severity] { return known }
        let entry = LogEntry.with { $0.severity = .init(rawValue: severity) ?? .default }
        let matches = plan.severities.allSatisfy { $0.matches(entry) }
        severities[severity] = matches
        return matches
    }
}
