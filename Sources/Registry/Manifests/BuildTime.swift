import Foundation

/// When an image was built, as its configuration says: its author may write anything there, and many tools that build
/// images again and again alike write the year 1.
enum BuildTime {
    /// The years 1 to 9999, in which times can be written.
    private static let range =
        Date(timeIntervalSince1970: -62_135_596_800)...Date(timeIntervalSince1970: 253_402_300_799)

    /// Nil for what is no time that can be told.
    static func parse(_ text: String) -> Date? {
        let date =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        return date.flatMap(plausible)
    }

    /// The time, unless nobody can write it down.
    static func plausible(_ date: Date) -> Date? { range.contains(date) ? date : nil }
}
