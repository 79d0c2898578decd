/// A part of a timestamp or a duration, by the function that reads it.
enum TimeField: String, CaseIterable, Sendable {
    case fullYear = "getFullYear"
    case month = "getMonth"
    case date = "getDate"
    case dayOfMonth = "getDayOfMonth"
    case dayOfYear = "getDayOfYear"
    case dayOfWeek = "getDayOfWeek"
    case hours = "getHours"
    case minutes = "getMinutes"
    case seconds = "getSeconds"
    case milliseconds = "getMilliseconds"

    /// The parts that durations have as well.
    static let ofDurations: [TimeField] = [.hours, .minutes, .seconds, .milliseconds]

    /// The values of the part of a timestamp: months and days of the year begin with 0, `getDate` with 1, and the week
    /// with Sunday.
    var range: ClosedRange<Int64> {
        switch self {
        case .fullYear: 0...10_000
        case .month: 0...11
        case .date: 1...31
        case .dayOfMonth: 0...30
        case .dayOfYear: 0...365
        case .dayOfWeek: 0...6
        case .hours: 0...23
        case .minutes, .seconds: 0...59
        case .milliseconds: 0...999
        }
    }

    /// The part of a moment, as a clock in `zone` shows it.
    func value(of moment: Timestamp, in zone: TimeZoneRule) -> Int64 {
        let local = moment.seconds + zone.offset(at: moment)
        let (days, second) = local.quotientAndRemainder(flooredBy: 86_400)
        return switch self {
        case .fullYear: CivilDate(daysSince1970: days).year
        case .month: CivilDate(daysSince1970: days).month - 1
        case .date: CivilDate(daysSince1970: days).day
        case .dayOfMonth: CivilDate(daysSince1970: days).day - 1
        case .dayOfYear: CivilDate(daysSince1970: days).dayOfYear
        // 1970 began on a Thursday.
        case .dayOfWeek: (days + 4).quotientAndRemainder(flooredBy: 7).remainder
        case .hours: second / 3600
        case .minutes: second / 60 % 60
        case .seconds: second % 60
        case .milliseconds: Int64(moment.nanoseconds / 1_000_000)
        }
    }

    /// The part of a duration: all of it in whole hours, minutes or seconds; the milliseconds are those beyond the
    /// seconds.
    func value(of duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return switch self {
        case .hours: seconds / 3600
        case .minutes: seconds / 60
        case .milliseconds: attoseconds / 1_000_000_000_000_000
        default: seconds
        }
    }
}
