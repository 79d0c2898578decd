/// A moment, in nanoseconds, between the years 1 and 9999 (CEL's timestamp).
public struct Timestamp: Hashable, Sendable {
    /// Whole seconds since 1970-01-01T00:00:00Z; negative before.
    public let seconds: Int64
    /// What is left of a second: 0 to 999,999,999.
    public let nanoseconds: Int32

    /// From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z, in seconds since 1970.
    static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// Makes a moment; nil when it is out of range.
    public init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard Self.range.contains(seconds), (0..<1_000_000_000).contains(nanoseconds) else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Reads a date and time of RFC 3339: `2026-10-01T00:00:00Z`, `2026-10-01T09:30:00.5+02:00`.
    ///
    /// - Returns: nil when `text` is none, or has a second 60, or is out of range.
    public init?(_ text: String) {
        var reader = ASCIIReader(text)
        guard let date = reader.date(), reader.take("T"), let second = reader.timeOfDay(),
            let nanoseconds = reader.fraction(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        self.init(seconds: date.daysSince1970 * 86_400 + second - offset, nanoseconds: nanoseconds)
    }

    /// Midnight UTC of a date, `2026-10-01`; nil when `text` is none.
    init?(date text: String) {
        var reader = ASCIIReader(text)
        guard let date = reader.date(), reader.isAtEnd else { return nil }
        self.init(seconds: date.daysSince1970 * 86_400)
    }

    /// This moment and a duration later; nil when that is out of range.
    func advanced(by duration: Duration) -> Timestamp? {
        let (seconds, attoseconds) = duration.components
        var total = self.seconds + seconds
        var nanoseconds = Int64(self.nanoseconds) + attoseconds / 1_000_000_000
        if nanoseconds < 0 { (total, nanoseconds) = (total - 1, nanoseconds + 1_000_000_000) }
        if nanoseconds >= 1_000_000_000 { (total, nanoseconds) = (total + 1, nanoseconds - 1_000_000_000) }
        return Timestamp(seconds: total, nanoseconds: Int32(nanoseconds))
    }

    /// The time from another moment to this one.
    func since(_ other: Timestamp) -> Duration {
        .seconds(seconds - other.seconds) + .nanoseconds(Int64(nanoseconds) - Int64(other.nanoseconds))
    }
}

extension Timestamp: Comparable {
    /// Whether one moment comes before another.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds == right.seconds ? left.nanoseconds < right.nanoseconds : left.seconds < right.seconds
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, with as many digits behind the point as there are, in threes.
    public var description: String {
        let (days, second) = seconds.quotientAndRemainder(flooredBy: 86_400)
        let date = CivilDate(daysSince1970: days)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { $0.padded(to: 2) }.joined(separator: ":")
        let day = "\(date.year.padded(to: 4))-\(date.month.padded(to: 2))-\(date.day.padded(to: 2))"
        return "\(day)T\(clock)\(fraction)Z"
    }

    private var fraction: String {
        if nanoseconds == 0 { return "" }
        var (value, digits) = (Int64(nanoseconds), 9)
        while value % 1000 == 0 { (value, digits) = (value / 1000, digits - 3) }
        return "." + value.padded(to: digits)
    }
}

extension Int64 {
    /// The number in at least so many digits.
    func padded(to digits: Int) -> String {
        let text = String(self)
        return String(repeating: "0", count: Swift.max(0, digits - text.utf8.count)) + text
    }

    /// The quotient rounded down, and what is left: 0 or more.
    func quotientAndRemainder(flooredBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
