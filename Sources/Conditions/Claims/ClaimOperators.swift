// What operators do with claims.

extension ClaimEvaluation {
    func negate(_ operand: ClaimValue) throws(ClaimError) -> ClaimValue {
        switch operand {
        case .int(let value) where value != .min: return .int(-value)
        case .int: throw .outOfRange
        case .double(let value): return .double(-value)
        default: throw .wrongType("-\(operand.typeName)")
        }
    }

    mutating func operate(
        _ sign: BinaryOperator, _ left: ClaimValue, _ right: ClaimValue
    ) throws(ClaimError) -> ClaimValue {
        let fault = ClaimError.wrongType("\(left.typeName) \(sign.rawValue) \(right.typeName)")
        switch sign {
        case .equal, .notEqual:
            try spend(left.size + right.size)
            return .bool((left == right) == (sign == .equal))
        case .less: return .bool(try precedes(left, right, fault))
        case .greater: return .bool(try precedes(right, left, fault))
        case .lessOrEqual: return .bool(try precedes(left, right, fault) || left == right)
        case .greaterOrEqual: return .bool(try precedes(right, left, fault) || left == right)
        case .contained: return .bool(try isElement(left, of: right, fault))
        case .add: return try sum(left, right, fault)
        case .subtract, .multiply, .divide, .remainder:
            guard case (.int(let left), .int(let right)) = (left, right) else { throw fault }
            return try compute(sign, left, right)
        case .and, .or: throw fault
        }
    }

    private mutating func precedes(
        _ left: ClaimValue, _ right: ClaimValue, _ fault: ClaimError
    ) throws(ClaimError) -> Bool {
        try spend(left.size + right.size)
        switch (left, right) {
        case (.int(let left), .int(let right)): return left < right
        case (.string(let left), .string(let right)): return left.bytesPrecede(right)
        default:
            guard let left = left.seconds, let right = right.seconds else { throw fault }
            return left < right
        }
    }

    private mutating func isElement(
        _ value: ClaimValue, of container: ClaimValue, _ fault: ClaimError
    ) throws(ClaimError) -> Bool {
        try spend(container.size)
        switch (value, container) {
        case (_, .list(let elements)): return elements.contains(value)
        case (.string(let name), .map(let members)): return members[name] != nil
        default: throw fault
        }
    }

    private mutating func sum(
        _ left: ClaimValue, _ right: ClaimValue, _ fault: ClaimError
    ) throws(ClaimError) -> ClaimValue {
        try spend(left.size + right.size)
        switch (left, right) {
        case (.int(let left), .int(let right)): return try compute(.add, left, right)
        case (.string(let left), .string(let right)):
            guard left.utf8.count + right.utf8.count <= Self.longestText else { throw .tooMuch }
            return .string(left + right)
        case (.list(let left), .list(let right)): return .list(left + right)
        default: throw fault
        }
    }

    private func compute(_ sign: BinaryOperator, _ left: Int64, _ right: Int64) throws(ClaimError) -> ClaimValue {
        let (value, overflow) =
            switch sign {
            case .add: left.addingReportingOverflow(right)
            case .subtract: left.subtractingReportingOverflow(right)
            case .multiply: left.multipliedReportingOverflow(by: right)
            case .divide: left.dividedReportingOverflow(by: right)
            default: left.remainderReportingOverflow(dividingBy: right)
            }
        guard !overflow else { throw .outOfRange }
        return .int(value)
    }
}

extension ClaimValue {
    /// What it costs to look at all of it: the elements, and their texts.
    var size: Int {
        switch self {
        case .null, .bool, .int, .double: 1
        case .string(let text): 1 + text.utf8.count / 256
        case .list(let elements): elements.reduce(1) { $0 + $1.size }
        case .map(let members): members.reduce(1) { $0 + 1 + $1.key.utf8.count / 256 + $1.value.size }
        }
    }
}
