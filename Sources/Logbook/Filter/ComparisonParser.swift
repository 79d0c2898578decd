extension FilterParser {
    /// The field that a word names.
    func field(_ segments: [Token.Segment], at token: Token) throws(FilterError) -> Field {
        guard let first = segments.first, !first.isQuoted, let path = segments.path else {
            throw FilterError("this is no field name", at: token)
        }
        guard let field = Field(path: path) else { throw FilterError("unknown field '\(segments.text)'", at: token) }
        return field
    }

    /// What comes after `field OP`: a value, or a list of values in parentheses.
    mutating func comparison(
        _ field: Field, _ relation: ComparisonOperator
    ) throws(FilterError) -> Expression {
        try value { word, token throws(FilterError) in
            if relation == .has, word.bareText == "*" { return .exists(field) }
            let operand = try Self.operand(word, for: field, relation, at: token)
            return .comparison(Comparison(field: field, relation: relation, operand: operand))
        }
    }

    private typealias Comparing = ([Token.Segment], Token) throws(FilterError) -> Expression

    private mutating func value(_ compare: Comparing) throws(FilterError) -> Expression {
        let token = take()
        switch token.kind {
        case .word(let segments): return try compare(segments, token)
        case .minus: return try compare(try negative(after: token), token)
        case .open:
            let list = try nested { parser throws(FilterError) in
                try parser.all { parser throws(FilterError) in try parser.element(compare) }
            }
            guard take(.close) else { throw FilterError("missing ')'", at: next) }
            return list
        default: throw FilterError("a value is missing", at: token)
        }
    }

    /// One value of a list, where a minus negates unless it begins a number.
    private mutating func element(_ compare: Comparing) throws(FilterError) -> Expression {
        switch next.kind {
        case .not:
            _ = take()
            return .not(try nested { parser throws(FilterError) in try parser.element(compare) })
        case .minus:
            let token = take()
            if case .word(let segments) = next.kind, Double(segments.text) != nil {
                return try compare(try negative(after: token), token)
            }
            return .not(try nested { parser throws(FilterError) in try parser.element(compare) })
        default: return try nested { parser throws(FilterError) in try parser.value(compare) }
        }
    }

    private mutating func negative(after minus: Token) throws(FilterError) -> [Token.Segment] {
        guard case .word(let segments) = next.kind, !next.followsSpace, let text = segments.bareText else {
            throw FilterError("a value is missing", at: minus)
        }
        _ = take()
        return [Token.Segment(text: "-" + text, isQuoted: false, pattern: "-" + text)]
    }

    /// Reads a value as the field's type asks.
    private static func operand(
        _ segments: [Token.Segment], for field: Field, _ relation: ComparisonOperator, at token: Token
    ) throws(FilterError) -> Operand {
        let text = segments.text
        var operand = Operand(text: text, isQuoted: segments.bareText == nil)
        if relation == .found || relation == .notFound {
            do {
                operand.pattern = try Pattern(segments.map(\.pattern).joined())
            } catch {
                throw FilterError("invalid regular expression: \(error.message)", at: token)
            }
        }
        guard let kind = field.kind else { return operand }
        let isPattern = operand.pattern != nil
        switch kind {
        case .string: break
        case .integer:
            guard isPattern || operand.number != nil else { throw FilterError("'\(text)' is no number", at: token) }
        case .bool:
            guard operand.bool != nil, !isPattern, !relation.isOrdering else {
                throw FilterError("\(field.name) is compared with = or != to true or false", at: token)
            }
        case .severity:
            operand.severity = Severity.number(text)
            guard isPattern || operand.severity != nil else { throw FilterError("'\(text)' is no severity", at: token) }
        case .time:
            operand.time = Nanoseconds.parse(text)
            guard operand.time != nil, !isPattern, relation != .has else {
                throw FilterError("\(field.name) is compared with a time such as 2026-01-31T10:00:00Z", at: token)
            }
        case .duration:
            operand.duration = Operand.seconds(text)
            guard operand.duration != nil, !isPattern else {
                throw FilterError("\(field.name) is compared with seconds such as 0.5s", at: token)
            }
        }
        return operand
    }
}
