/// What an expression has become.
enum Value: Sendable {
    case bool(Bool)
    case int(Int64)
    case string(String)
    case timestamp(Timestamp)
    case duration(Duration)
    case list([Value])
}

extension Value: Equatable {
    /// CEL's `==`; values of different types are never equal.
    static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.timestamp(let left), .timestamp(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        default: false
        }
    }
}

extension Value: CustomStringConvertible {
    /// The value as people read it: texts in quotes, times in RFC 3339.
    var description: String {
        switch self {
        case .bool(let value): String(value)
        case .int(let value): String(value)
        case .string(let value): StringLiteral.write(value)
        case .timestamp(let value): value.description
        case .duration(let value): DurationText.write(value)
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        }
    }
}

/// What an expression can become, known before it is evaluated.
indirect enum ValueType: Hashable, Sendable {
    case bool
    case int
    case string
    case timestamp
    case duration
    case list(ValueType)
    /// The type of what an empty list holds: it fits any.
    case anything

    /// Whether values of two types can stand in each other's place.
    func fits(_ other: ValueType) -> Bool {
        switch (self, other) {
        case (.anything, _), (_, .anything): true
        case (.list(let left), .list(let right)): left.fits(right)
        default: self == other
        }
    }
}

extension ValueType: CustomStringConvertible {
    /// The type's name in CEL: `list(string)`.
    var description: String {
        switch self {
        case .bool: "bool"
        case .int: "int"
        case .string: "string"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .list(let element): "list(\(element))"
        case .anything: "dyn"
        }
    }
}
