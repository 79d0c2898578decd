import SwiftProtobuf

/// A type that `cast(field, TYPE)` turns values into (Logging query language).
enum CastType: String, Sendable {
    case string = "STRING"
    case integer = "INT64"
    case number = "FLOAT64"
    case bool = "BOOL"
    case time = "TIMESTAMP"
    case duration = "DURATION"

    /// What values of the type are compared with.
    var kind: Attribute.Kind {
        switch self {
        case .string: .string
        case .integer, .number: .integer
        case .bool: .bool
        case .time: .time
        case .duration: .duration
        }
    }

    /// A value as one of this type; nil when it cannot be, which no comparison is true of.
    func value(_ value: Scalar) -> Scalar? {
        switch (self, value) {
        case (.string, _): Self.text(of: value).map(Scalar.string)
        case (.integer, .number(let number)): Int64(exactly: number.rounded(.towardZero)).map(Scalar.integer)
        case (.integer, .integer), (.number, .number), (.bool, .bool), (.time, .time), (.duration, .duration): value
        case (.number, .integer(let number)): .number(Double(number))
        case (.integer, .bool(let value)): .integer(value ? 1 : 0)
        case (.integer, .string(let text)): Int64(text).map(Scalar.integer)
        case (.number, .string(let text)): Double(text).map(Scalar.number)
        case (.bool, .string(let text)): Operand(text: text, isQuoted: true).bool.map(Scalar.bool)
        case (.time, .string(let text)): Nanoseconds.parse(text).map(Scalar.time)
        case (.duration, .string(let text)): Operand.seconds(text).map(Scalar.duration)
        default: nil
        }
    }

    private static func text(of value: Scalar) -> String? {
        switch value {
        case .time(let time): (try? Nanoseconds.timestamp(time).jsonString()).map { String($0.dropFirst().dropLast()) }
        case .duration(let seconds): "\(seconds)s"
        default: value.text
        }
    }
}
