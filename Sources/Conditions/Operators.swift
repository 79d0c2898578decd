extension BinaryOperator {
    /// What the operator does with operands of two types, and the type that it makes; nil when it does not take them.
    ///
    /// `&&` and `||` are not looked up here: their operands need not both be evaluated.
    func operation(_ left: ValueType, _ right: ValueType) -> (operation: BinaryOperation, result: ValueType)? {
        switch self {
        case .or, .and: nil
        case .equal: left.fits(right) ? (.equal, .bool) : nil
        case .notEqual: left.fits(right) ? (.notEqual, .bool) : nil
        case .less: Self.areOrdered(left, right) ? (.less, .bool) : nil
        case .lessOrEqual: Self.areOrdered(left, right) ? (.lessOrEqual, .bool) : nil
        case .greater: Self.areOrdered(left, right) ? (.greater, .bool) : nil
        case .greaterOrEqual: Self.areOrdered(left, right) ? (.greaterOrEqual, .bool) : nil
        case .contained: ValueType.list(left).fits(right) ? (.contained, .bool) : nil
        case .add: Self.sum(left, right).map { (.add, $0) }
        case .subtract: Self.difference(left, right).map { (.subtract, $0) }
        case .multiply: (left, right) == (.int, .int) ? (.multiply, .int) : nil
        case .divide: (left, right) == (.int, .int) ? (.divide, .int) : nil
        case .remainder: (left, right) == (.int, .int) ? (.remainder, .int) : nil
        }
    }

    private static func areOrdered(_ left: ValueType, _ right: ValueType) -> Bool {
        left == right && [.int, .string, .timestamp, .duration].contains(left)
    }

    private static func sum(_ left: ValueType, _ right: ValueType) -> ValueType? {
        switch (left, right) {
        case (.int, .int): .int
        case (.timestamp, .duration), (.duration, .timestamp): .timestamp
        case (.duration, .duration): .duration
        default: nil
        }
    }

    private static func difference(_ left: ValueType, _ right: ValueType) -> ValueType? {
        switch (left, right) {
        case (.int, .int): .int
        case (.timestamp, .duration): .timestamp
        case (.timestamp, .timestamp), (.duration, .duration): .duration
        default: nil
        }
    }
}
