/// Makes a tree of an expression's tokens (CEL's grammar, without maps and messages; in conditions without indexing
/// and `?:` too).
struct Parser {
    private let text: String
    private let grammar: Grammar
    private var lexer: Lexer
    private var token: Token
    private var nesting = 0
    private var logicalOperators = 0

    /// Reads a whole expression.
    ///
    /// - Throws: `ConditionError` at the first thing wrong.
    static func parse(_ text: String, as grammar: Grammar = .condition) throws(ConditionError) -> Expression {
        guard text.unicodeScalars.count <= grammar.maximumLength else {
            throw ConditionError(
                "the expression has more than \(grammar.maximumLength) characters", at: 0, of: text,
                check: .complexity)
        }
        var parser = try Parser(text, grammar)
        let expression = try parser.expression()
        guard parser.token.kind == .end else { throw parser.unexpected() }
        return expression
    }

    private init(_ text: String, _ grammar: Grammar) throws(ConditionError) {
        self.text = text
        self.grammar = grammar
        lexer = Lexer(text)
        token = try lexer.next()
    }

    private mutating func advance() throws(ConditionError) {
        token = try lexer.next()
    }

    private mutating func take(_ mark: Token.Mark) throws(ConditionError) -> Bool {
        guard token.kind == .mark(mark) else { return false }
        try advance()
        return true
    }

    /// Takes a mark that has to come, and returns where it ends.
    private mutating func expect(_ mark: Token.Mark) throws(ConditionError) -> Int {
        let end = token.range.upperBound
        guard try take(mark) else { throw unexpected("\"\(mark.rawValue)\" is missing before \(token)") }
        return end
    }

    private func unexpected(_ message: String? = nil) -> ConditionError {
        let reason =
            switch token.kind {
            case .mark(.question) where !grammar.isForClaims: "conditions have no operator ?:"
            case .mark(.leftBrace): "conditions have no maps and no messages"
            case .mark(.leftBracket) where !grammar.isForClaims: "conditions do not index lists"
            case .keyword(.null) where !grammar.isForClaims: "conditions have no null"
            case .end where token.range.lowerBound == 0: "the expression is empty"
            default: message ?? "\(token) is not expected here"
            }
        return ConditionError(reason, at: token.range.lowerBound, of: text)
    }

    /// A node of the tree, unless it makes the tree too deep.
    private func node(_ kind: Expression.Kind, _ range: Range<Int>) throws(ConditionError) -> Expression {
        let expression = Expression(kind, range: range)
        guard expression.depth <= grammar.maximumDepth else { throw tooDeep(at: range.lowerBound) }
        return expression
    }

    private func tooDeep(at byte: Int) -> ConditionError {
        ConditionError(
            "the expression is nested more than \(grammar.maximumDepth) deep", at: byte, of: text, check: .complexity)
    }

    private mutating func countLogicalOperator() throws(ConditionError) {
        logicalOperators += 1
        guard logicalOperators <= grammar.maximumLogicalOperators else {
            throw ConditionError(
                "Logical operators count must not be more than \(grammar.maximumLogicalOperators)",
                at: token.range.lowerBound, of: text, check: .complexity)
        }
    }
}

extension Parser {
    /// An expression of any kind.
    private mutating func expression() throws(ConditionError) -> Expression {
        let condition = try expression(above: 0)
        guard grammar.isForClaims, try take(.question) else { return condition }
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= grammar.maximumDepth else { throw tooDeep(at: token.range.lowerBound) }
        let first = try expression()
        _ = try expect(.colon)
        let second = try expression()
        return try node(
            .conditional(condition, first, second), condition.range.lowerBound..<second.range.upperBound)
    }

    /// An operation whose operators bind tighter than `precedence`, grouped from the left.
    private mutating func expression(above precedence: Int) throws(ConditionError) -> Expression {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= grammar.maximumDepth else { throw tooDeep(at: token.range.lowerBound) }
        var left = try unary()
        while let sign = binaryOperator(), sign.precedence > precedence {
            if sign == .and || sign == .or { try countLogicalOperator() }
            try advance()
            let right = try expression(above: sign.precedence)
            left = try node(.binary(sign, left, right), left.range.lowerBound..<right.range.upperBound)
        }
        return left
    }

    private func binaryOperator() -> BinaryOperator? {
        switch token.kind {
        case .mark(let mark): BinaryOperator(rawValue: mark.rawValue)
        case .keyword(.in): .contained
        default: nil
        }
    }

    /// An operand with its signs: any number, all of one kind.
    private mutating func unary() throws(ConditionError) -> Expression {
        var starts: [Int] = []
        guard case .mark(let mark) = token.kind, let sign = UnaryOperator(rawValue: mark.rawValue) else {
            return try member()
        }
        while token.kind == .mark(mark) {
            if sign == .not { try countLogicalOperator() }
            starts.append(token.range.lowerBound)
            try advance()
        }
        var operand: Expression
        if sign == .minus, case .integer(let magnitude) = token.kind, let start = starts.popLast() {
            operand = try member(of: negativeNumber(magnitude, from: start))
        } else {
            operand = try member()
        }
        for start in starts.reversed() {
            operand = try node(.unary(sign, operand), start..<operand.range.upperBound)
        }
        return operand
    }

    /// A minus sign is part of the number behind it, or the smallest number could not be written.
    private mutating func negativeNumber(_ magnitude: UInt64, from start: Int) throws(ConditionError) -> Expression {
        guard let value = Int64(exactly: -Int128(magnitude)) else {
            throw ConditionError("the number is smaller than can be", at: start, of: text)
        }
        let range = start..<token.range.upperBound
        try advance()
        return try node(.int(value), range)
    }

    /// An operand with the fields, functions and indices behind it.
    private mutating func member(of start: Expression? = nil) throws(ConditionError) -> Expression {
        var whole: Expression
        if let start { whole = start } else { whole = try primary() }
        while true {
            if grammar.isForClaims, try take(.leftBracket) {
                let key = try expression()
                let end = try expect(.rightBracket)
                whole = try node(.index(whole, key), whole.range.lowerBound..<end)
                continue
            }
            guard try take(.dot) else { return whole }
            guard case .identifier(let name) = token.kind else {
                throw unexpected("a name is missing before \(token)")
            }
            let end = token.range.upperBound
            try advance()
            if token.kind == .mark(.leftParenthesis) {
                whole = try call(name, target: whole, from: whole.range.lowerBound)
            } else {
                whole = try node(.selection(whole, field: name), whole.range.lowerBound..<end)
            }
        }
    }

    private mutating func primary() throws(ConditionError) -> Expression {
        let range = token.range
        switch token.kind {
        case .identifier(let name): return try named(name, range)
        case .string(let text): return try literal(.string(text))
        case .keyword(.true): return try literal(.bool(true))
        case .keyword(.false): return try literal(.bool(false))
        case .keyword(.null) where grammar.isForClaims: return try literal(.null)
        case .integer(let magnitude):
            guard let value = Int64(exactly: magnitude) else {
                throw ConditionError("the number is larger than can be", at: range.lowerBound, of: text)
            }
            return try literal(.int(value))
        case .mark(.leftParenthesis):
            try advance()
            let inner = try expression()
            let end = try expect(.rightParenthesis)
            return Expression(inner.kind, range: range.lowerBound..<end)
        case .mark(.leftBracket):
            try advance()
            let (elements, end) = try expressions(until: .rightBracket, mayEndInComma: true)
            return try node(.list(elements), range.lowerBound..<end)
        default: throw unexpected()
        }
    }

    private mutating func literal(_ kind: Expression.Kind) throws(ConditionError) -> Expression {
        let range = token.range
        try advance()
        return try node(kind, range)
    }

    private mutating func named(_ name: String, _ range: Range<Int>) throws(ConditionError) -> Expression {
        guard !Token.reserved.contains(name) else {
            throw ConditionError("\(name) is a reserved word", at: range.lowerBound, of: text)
        }
        try advance()
        if token.kind == .mark(.leftParenthesis) { return try call(name, target: nil, from: range.lowerBound) }
        return try node(.identifier(name), range)
    }

    private mutating func call(
        _ name: String, target: Expression?, from start: Int
    ) throws(ConditionError) -> Expression {
        try advance()
        let (arguments, end) = try expressions(until: .rightParenthesis, mayEndInComma: false)
        return try node(.call(name, target: target, arguments: arguments), start..<end)
    }

    /// Expressions with commas between them, and where the mark behind them ends.
    private mutating func expressions(
        until mark: Token.Mark, mayEndInComma: Bool
    ) throws(ConditionError) -> (expressions: [Expression], end: Int) {
        var expressions: [Expression] = []
        while token.kind != .mark(mark) {
            expressions.append(try expression())
            guard try take(.comma) else { break }
            if token.kind == .mark(mark), !mayEndInComma { throw unexpected() }
        }
        return (expressions, try expect(mark))
    }
}
