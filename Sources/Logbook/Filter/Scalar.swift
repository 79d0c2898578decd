/// One value of an entry, as comparisons see it.
enum Scalar: Sendable {
    case string(String)
    case integer(Int64)
    case number(Double)
    case bool(Bool)
    case null
    /// Nanoseconds since 1970.
    case time(Int64)
    /// Seconds.
    case duration(Double)
    /// The number of a `google.logging.type.LogSeverity`.
    case severity(Int)

    /// What a search over all fields looks at; nil for values that are no text.
    var text: String? {
        switch self {
        case .string(let text): text
        case .integer(let value): String(value)
        case .number(let value): Int64(exactly: value).map(String.init) ?? String(value)
        case .bool(let value): String(value)
        case .null, .time, .duration: nil
        case .severity(let number): Severity.names[number]
        }
    }
}

/// The names and numbers of severities (google.logging.type.LogSeverity).
enum Severity {
    static let names: [Int: String] = [
        0: "DEFAULT", 100: "DEBUG", 200: "INFO", 300: "NOTICE", 400: "WARNING", 500: "ERROR", 600: "CRITICAL",
        700: "ALERT", 800: "EMERGENCY",
    ]

    /// The number of a severity that is given by name in any case, or by number.
    static func number(_ text: String) -> Int? {
        let name = text.uppercased()
        return names.first { $0.value == name }?.key ?? Int(text)
    }
}
