extension Value {
    /// CEL's `<`, for values of one type that has an order.
    func precedes(_ other: Value) throws(EvaluationError) -> Bool {
        switch (self, other) {
        case (.int(let left), .int(let right)): return left < right
        case (.string(let left), .string(let right)): return left.bytesPrecede(right)
        case (.timestamp(let left), .timestamp(let right)): return left < right
        case (.duration(let left), .duration(let right)): return left < right
        default: throw .wrongType("an operand")
        }
    }
}

extension BinaryOperation {
    /// `+ - * / %`: numbers that do not fit, and times out of range, are errors.
    func compute(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
        switch (self, left, right) {
        case (_, .int(let left), .int(let right)): return .int(try compute(left, right))
        case (.add, .timestamp(let moment), .duration(let duration)),
            (.add, .duration(let duration), .timestamp(let moment)):
            return try Self.moment(moment.advanced(by: duration))
        case (.subtract, .timestamp(let moment), .duration(let duration)):
            return try Self.moment(moment.advanced(by: .zero - duration))
        case (.subtract, .timestamp(let left), .timestamp(let right)): return .duration(left.since(right))
        case (.add, .duration(let left), .duration(let right)): return try Self.duration(left + right)
        case (.subtract, .duration(let left), .duration(let right)): return try Self.duration(left - right)
        default: throw .wrongType("an operand")
        }
    }

    private func compute(_ left: Int64, _ right: Int64) throws(EvaluationError) -> Int64 {
        let (value, hasOverflowed): (Int64, Bool)
        switch self {
        case .add: (value, hasOverflowed) = left.addingReportingOverflow(right)
        case .subtract: (value, hasOverflowed) = left.subtractingReportingOverflow(right)
        case .multiply: (value, hasOverflowed) = left.multipliedReportingOverflow(by: right)
        default:
            guard right != 0 else { throw .divisionByZero }
            (value, hasOverflowed) =
                self == .divide
                ? left.dividedReportingOverflow(by: right) : left.remainderReportingOverflow(dividingBy: right)
        }
        guard !hasOverflowed else { throw .outOfRange("number") }
        return value
    }

    private static func moment(_ value: Timestamp?) throws(EvaluationError) -> Value {
        guard let value else { throw .outOfRange("timestamp") }
        return .timestamp(value)
    }

    private static func duration(_ value: Duration) throws(EvaluationError) -> Value {
        guard DurationText.isInRange(value) else { throw .outOfRange("duration") }
        return .duration(value)
    }
}
