extension Expression: CustomStringConvertible {
    /// The expression in CEL, with no more parentheses than it needs: what reads as the same tree.
    var description: String {
        switch kind {
        case .bool(let value): String(value)
        case .int(let value): String(value)
        case .string(let text): StringLiteral.write(text)
        case .identifier(let name): name
        case .selection(let whole, let field): "\(whole.operand(above: Self.memberPrecedence)).\(field)"
        case .call(let name, let target, let arguments):
            (target.map { $0.operand(above: Self.memberPrecedence) + "." } ?? "") + name + "("
                + arguments.map(\.description).joined(separator: ", ") + ")"
        case .null: "null"
        case .index(let whole, let key): "\(whole.operand(above: Self.memberPrecedence))[\(key)]"
        case .conditional(let condition, let first, let second):
            "\(condition.operand(above: 0)) ? \(first) : \(second)"
        case .list(let elements): "[" + elements.map(\.description).joined(separator: ", ") + "]"
        case .unary(let sign, let whole): sign.rawValue + whole.text(behind: sign)
        case .binary(let sign, let left, let right):
            "\(left.operand(above: sign.precedence - 1)) \(sign.rawValue) \(right.operand(above: sign.precedence))"
        }
    }

    private static let unaryPrecedence = 6
    private static let memberPrecedence = 6

    private var precedence: Int {
        switch kind {
        case .conditional: 0
        case .binary(let sign, _, _): sign.precedence
        case .unary: Self.unaryPrecedence
        // What has a sign is an operation to whoever stands behind it.
        case .int(let value) where value < 0: Self.unaryPrecedence
        default: Self.memberPrecedence + 1
        }
    }

    /// The expression, in parentheses unless it binds tighter than what is around it.
    private func operand(above precedence: Int) -> String {
        self.precedence > precedence ? description : "(\(description))"
    }

    /// The expression behind a sign. Signs of one kind need nothing between them; but a minus sign before a digit would
    /// become part of the number.
    private func text(behind sign: UnaryOperator) -> String {
        if case .unary(sign, _) = kind { return description }
        let text = operand(above: Self.unaryPrecedence)
        return sign == .minus && text.first?.isNumber == true ? "(\(text))" : text
    }
}
