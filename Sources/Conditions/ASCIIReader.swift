/// Reads dates, times and numbers from a text, from its beginning to its end.
struct ASCIIReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Takes the next character if it is the one given.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, UInt32(byte) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    /// The digits that come next, at most `limit`.
    mutating func digits(atMost limit: Int) -> Substring.UTF8View {
        let digits = rest.prefix(limit).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits
    }

    /// A number of exactly so many digits.
    mutating func number(digits count: Int) -> Int64? {
        let digits = digits(atMost: count)
        return digits.count == count ? Self.number(digits) : nil
    }

    /// The letters that come next: the unit of a duration.
    mutating func unit() -> String {
        let letters = rest.prefix { $0 != UInt8(ascii: ".") && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(letters.count)
        return String(Substring(letters))
    }

    /// `YYYY-MM-DD`.
    mutating func date() -> CivilDate? {
        guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"),
            let day = number(digits: 2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// `HH:MM:SS` as seconds since midnight.
    mutating func timeOfDay() -> Int64? {
        guard let minutes = hoursAndMinutes(), take(":"), let second = number(digits: 2), second < 60 else {
            return nil
        }
        return minutes * 60 + second
    }

    /// `HH:MM` as minutes.
    mutating func hoursAndMinutes() -> Int64? {
        guard let hour = number(digits: 2), hour < 24, take(":"), let minute = number(digits: 2), minute < 60 else {
            return nil
        }
        return hour * 60 + minute
    }

    /// A point and one to nine digits as nanoseconds; 0 when there is no point.
    mutating func fraction() -> Int32? {
        guard take(".") else { return 0 }
        let digits = digits(atMost: 9)
        guard !digits.isEmpty, var value = Self.number(digits) else { return nil }
        for _ in digits.count..<9 { value *= 10 }
        return Int32(value)
    }

    /// `Z`, or `+HH:MM` and `-HH:MM`, as seconds east of UTC.
    mutating func offset() -> Int64? {
        if take("Z") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let minutes = hoursAndMinutes() else { return nil }
        return (isEast ? 60 : -60) * minutes
    }

    /// The number that at most eighteen digits mean.
    static func number(_ digits: Substring.UTF8View) -> Int64? {
        Int64(Substring(digits))
    }
}
