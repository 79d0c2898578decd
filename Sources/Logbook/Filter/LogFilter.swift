import Schema

/// An entry of a log (Logging API).
public typealias LogEntry = Google_Logging_V2_LogEntry

/// A compiled filter of the Logging query language.
///
/// `NOT` binds tighter than `OR`, and `OR` tighter than `AND`; terms side by side are AND-ed. Texts are compared
/// without regard to case, by Unicode's lower-case mapping; regular expressions are RE2's and regard case.
/// The functions `log_id`, `source`, `SEARCH`, `sample`, `ip_in_net` and `cast` are supported, others are refused by
/// name. Inside `protoPayload` the `@type` can be compared, and the values of a `google.protobuf.Struct` and of an audit
/// entry.
public struct LogFilter: Sendable {
    /// In characters (Logging API).
    public static let longest = 20_000
    /// A filter that every entry matches.
    public static let everything = LogFilter(expression: .all([]))

    /// Bounds the time that one entry may take.
    private static let largestPatterns = 4_000

    let plan: FilterPlan
    private let expression: Expression

    /// Compiles a filter; an empty one matches every entry.
    ///
    /// - Throws: `FilterError`, with the place of the mistake.
    public init(_ text: String) throws(FilterError) {
        // Counting bytes is cheap, whatever was sent.
        guard text.utf8.count <= 4 * Self.longest, text.count <= Self.longest else {
            throw FilterError("the filter is longer than \(Self.longest) characters", at: .start)
        }
        let expression = try FilterParser.parse(text)
        guard expression.patternSize <= Self.largestPatterns else {
            throw FilterError("the regular expressions of the filter are too large together", at: .start)
        }
        self.init(expression: expression)
    }

    private init(expression: Expression) {
        self.expression = expression
        plan = FilterPlan(expression)
    }

    /// Whether an entry matches.
    public func matches(_ entry: LogEntry) -> Bool { expression.matches(entry) }
}

extension Token {
    /// The place of what is wrong with a filter as a whole.
    fileprivate static let start = Token(kind: .end, text: "", line: 1, column: 1, followsSpace: false)
}

extension Expression {
    /// The size of all regular expressions in it.
    fileprivate var patternSize: Int {
        switch self {
        case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.patternSize }
        case .not(let part): part.patternSize
        case .comparison(let comparison): comparison.operand.pattern?.size ?? 0
        case .exists, .search, .function: 0
        }
    }
}
