import Foundation

/// Where the clock that a timestamp's fields are read from hangs.
enum TimeZoneRule: Hashable, Sendable {
    /// Always so many seconds east of UTC.
    case fixed(Int64)
    /// A place, with its changes of the clocks in history.
    case place(TimeZone)

    static let utc = TimeZoneRule.fixed(0)

    /// Reads a zone as CEL writes it: `UTC`, `Europe/Berlin`, `+02:00`, `-09:30`, `02:00`.
    ///
    /// - Returns: nil when there is no such zone.
    init?(_ name: String) {
        if let offset = Self.offset(name) {
            self = .fixed(offset)
        } else if Self.isName(name), let zone = TimeZone(identifier: name) {
            self = .place(zone)
        } else {
            return nil
        }
    }

    /// Seconds east of UTC at a moment.
    func offset(at moment: Timestamp) -> Int64 {
        switch self {
        case .fixed(let offset): offset
        case .place(let zone): Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.seconds))))
        }
    }

    private static func offset(_ text: String) -> Int64? {
        var reader = ASCIIReader(text)
        let isWest = reader.take("-")
        if !isWest { _ = reader.take("+") }
        guard let minutes = reader.hoursAndMinutes(), reader.isAtEnd else { return nil }
        return (isWest ? -60 : 60) * minutes
    }

    /// Whether a name may be one of the tz database: Foundation knows others besides, such as `BST` for Bangladesh and
    /// `GMT+3`.
    private static func isName(_ name: String) -> Bool {
        let isWritten = name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "/"):
                true
            default: false
            }
        }
        return isWritten && name.utf8.count <= 64
            && (name.utf8.contains(UInt8(ascii: "/")) || plainNames.contains(name))
    }

    /// The names of the tz database that are of one part.
    private static let plainNames: Set<String> = [
        "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "GB", "GB-Eire", "GMT", "GMT+0", "GMT-0",
        "GMT0", "Greenwich", "HST", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya",
        "MET", "MST", "MST7MDT", "NZ", "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK",
        "Singapore", "Turkey", "UCT", "UTC", "Universal", "W-SU", "WET", "Zulu",
    ]
}
