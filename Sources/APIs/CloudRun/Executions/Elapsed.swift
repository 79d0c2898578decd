import FoundationEssentials

/// A span of time in the form of messages: `38.22s`, `1m3.6s`, `2h0m5s`.
enum Elapsed {
    static func text(from start: Date, to end: Date) -> String {
        let hundredths = Int((max(0, end.timeIntervalSince(start)) * 100).rounded())
        let (seconds, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        let fraction = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
        let parts = (hours: seconds / 3600, minutes: seconds / 60 % 60, seconds: seconds % 60)
        let head = parts.hours > 0 ? "\(parts.hours)h\(parts.minutes)m" : parts.minutes > 0 ? "\(parts.minutes)m" : ""
        return head + "\(parts.seconds)\(fraction)s"
    }
}
