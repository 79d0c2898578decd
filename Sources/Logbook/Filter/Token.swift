/// The smallest meaningful part of a filter.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A name, a number or other text; quoted and unquoted segments may be joined by dots: `labels."a/b".c`.
        case word([Segment])
        case comparison(ComparisonOperator)
        case and
        case or
        case not
        case minus
        case open
        case close
        case comma
        case end
    }

    /// A run of a word that is quoted throughout or not at all.
    struct Segment: Hashable, Sendable {
        /// Without quotes, and with escapes resolved.
        var text: String
        var isQuoted: Bool
        /// The text for a regular expression: escapes stay, save those of quotes and of the backslash itself.
        var pattern: String
    }

    let kind: Kind
    /// As it stands in the filter.
    let text: String
    let line: Int
    let column: Int
    /// Whether white space or the start of the filter comes before it.
    let followsSpace: Bool
}

/// The operators of the Logging query language.
enum ComparisonOperator: String, Hashable, Sendable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case has = ":"
    case found = "=~"
    case notFound = "!~"

    var isOrdering: Bool {
        switch self {
        case .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }

    /// Whether values stand in the order that the operator asks for.
    func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .equal, .has: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        case .found, .notFound: false
        }
    }
}
