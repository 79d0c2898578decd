/// The tree of an expression, before names and types are looked at.
struct Expression: Sendable {
    let kind: Kind
    /// Where it stands in the text, in bytes of UTF-8.
    let range: Range<Int>
    /// How many expressions stand in one another, this one included.
    let depth: Int

    init(_ kind: Kind, range: Range<Int>) {
        self.kind = kind
        self.range = range
        depth = 1 + (kind.parts.map(\.depth).max() ?? 0)
    }

    indirect enum Kind: Equatable, Sendable {
        case bool(Bool)
        case int(Int64)
        case string(String)
        case identifier(String)
        /// `request.time`
        case selection(Expression, field: String)
        /// `timestamp("…")`, or `resource.name.startsWith("…")` with a target.
        case call(String, target: Expression?, arguments: [Expression])
        case list([Expression])
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        case null
        /// `assertion["kubernetes.io"]`
        case index(Expression, Expression)
        /// `a ? b : c`
        case conditional(Expression, Expression, Expression)

        var parts: [Expression] {
            switch self {
            case .bool, .int, .string, .identifier, .null: []
            case .selection(let part, _), .unary(_, let part): [part]
            case .call(_, let target, let arguments): (target.map { [$0] } ?? []) + arguments
            case .list(let parts): parts
            case .binary(_, let left, let right), .index(let left, let right): [left, right]
            case .conditional(let condition, let first, let second): [condition, first, second]
            }
        }
    }
}

extension Expression: Equatable {
    /// Whether two trees are the same, wherever they stand.
    static func == (left: Expression, right: Expression) -> Bool { left.kind == right.kind }
}

enum UnaryOperator: String, Sendable {
    case not = "!"
    case minus = "-"
}

enum BinaryOperator: String, CaseIterable, Sendable {
    case or = "||"
    case and = "&&"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contained = "in"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"

    /// The larger binds the tighter; all group from the left.
    var precedence: Int {
        switch self {
        case .or: 1
        case .and: 2
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contained: 3
        case .add, .subtract: 4
        case .multiply, .divide, .remainder: 5
        }
    }
}
