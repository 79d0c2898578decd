import Foundation
import GRDB

/// Entries that the database gives in order: those of a log or of a series.
struct Source {
    struct Row {
        let position: LogPosition
        let stream: Int64
        let severity: Int
        let body: Data
    }

    enum Kind {
        case log
        case series
    }

    let kind: Kind
    let id: Int64
    let log: Int64
    private var buffer: ArraySlice<Row> = []
    private var isExhausted = false

    init(kind: Kind, id: Int64, log: Int64) {
        self.kind = kind
        self.id = id
        self.log = log
    }

    /// The next entry, without taking it; what comes after `position` is fetched when it is not there yet.
    mutating func peek(_ range: ScanRange, after position: LogPosition?, _ database: Database) throws -> Row? {
        if buffer.isEmpty, !isExhausted { try fill(range, after: position, database) }
        return buffer.first
    }

    mutating func take() { buffer.removeFirst() }

    private mutating func fill(_ range: ScanRange, after position: LogPosition?, _ database: Database) throws {
        let statement = try database.cachedStatement(sql: range.sql(kind, isBound: isBound(by: position, range)))
        let start = position.map { ($0.timestamp, $0.insertID) } ?? range.start
        let log = log
        let rows = try GRDB.Row.fetchCursor(
            statement, arguments: [id, start.0, start.1, range.end, range.rowsPerFetch]
        ).map { row in
            Row(
                position: LogPosition(timestamp: row[0], insertID: row[1], log: log), stream: row[2], severity: row[3],
                body: row[4])
        }
        buffer = ArraySlice(try Array(rows))
        isExhausted = buffer.count < range.rowsPerFetch
    }

    /// Whether an entry of this log at the very time and insert id of the position comes after it.
    private func isBound(by position: LogPosition?, _ range: ScanRange) -> Bool {
        guard let position else { return true }
        return range.newestFirst ? log < position.log : log > position.log
    }
}

/// Between which times a scan goes, and in which direction.
struct ScanRange {
    let times: ClosedRange<Int64>
    let newestFirst: Bool
    let rowsPerFetch: Int

    /// Where to start; for the latest first, just after the last nanosecond.
    var start: (Int64, String) { newestFirst ? (times.upperBound + 1, "") : (times.lowerBound, "") }
    var end: Int64 { newestFirst ? times.lowerBound : times.upperBound }

    /// - Parameter isBound: whether what lies exactly at the start is included.
    func sql(_ kind: Source.Kind, isBound: Bool) -> String {
        let table = kind == .log ? "entries" : "entries INDEXED BY entries_by_series"
        let column = kind == .log ? "log" : "series"
        let (forward, limit, order) = newestFirst ? ("<", ">=", "DESC") : (">", "<=", "ASC")
        return """
            SELECT timestamp, insert_id, stream, severity, body FROM \(table)
            WHERE \(column) = ? AND (timestamp, insert_id) \(forward)\(isBound ? "=" : "") (?, ?) AND timestamp \(limit) ?
            ORDER BY timestamp \(order), insert_id \(order) LIMIT ?
            """
    }
}
