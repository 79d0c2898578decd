/// How durations are written in CEL: `3600s`, `1h30m`, `-1.5h`, `250ms`.
enum DurationText {
    /// The longest duration either way, in seconds: about 10,000 years (`google.protobuf.Duration`).
    static let maximumSeconds: Int64 = 315_576_000_000

    /// Reads a duration; nil when `text` is none or it is longer than can be.
    static func read(_ text: String) -> Duration? {
        var reader = ASCIIReader(text)
        let isNegative = reader.take("-")
        if !isNegative { _ = reader.take("+") }
        var zero = reader
        if zero.take("0"), zero.isAtEnd { return .zero }
        var nanoseconds: Int128 = 0
        repeat {
            guard let part = part(&reader) else { return nil }
            nanoseconds += part
            guard nanoseconds <= Int128(maximumSeconds) * 1_000_000_000 else { return nil }
        } while !reader.isAtEnd
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let duration = Duration.seconds(Int64(seconds)) + .nanoseconds(Int64(rest))
        return isNegative ? .zero - duration : duration
    }

    /// A number and its unit: `1.5h`.
    private static func part(_ reader: inout ASCIIReader) -> Int128? {
        guard let whole = ASCIIReader.number(reader.digits(atMost: 18)), let fraction = reader.fraction(),
            let unit = units[reader.unit()]
        else { return nil }
        return Int128(whole) * unit + Int128(fraction) * unit / 1_000_000_000
    }

    /// Writes a duration in seconds: `5400s`, `-0.25s`.
    static func write(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let sign = duration < .zero ? "-" : ""
        var digits = (abs(attoseconds) / 1_000_000_000).padded(to: 9)
        while digits.hasSuffix("0") { digits.removeLast() }
        return sign + String(seconds.magnitude) + (digits.isEmpty ? "" : "." + digits) + "s"
    }

    /// Whether a duration is no longer than can be.
    static func isInRange(_ duration: Duration) -> Bool {
        duration >= .seconds(-maximumSeconds) && duration <= .seconds(maximumSeconds)
    }

    /// Nanoseconds in each unit.
    private static let units: [String: Int128] = [
        "ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]
}
