/// One evaluation of an expression over claims.
struct ClaimEvaluation {
    /// What all that it does may cost: a node or an element is one, and so are 256 bytes that are looked at.
    private static let budget = 20_000
    /// No text that it makes is longer, in bytes.
    static let longestText = 16 << 10

    private var values: [String: ClaimValue]
    private var spent = 0

    init(_ values: [String: ClaimValue]) {
        self.values = values
    }

    /// Pays for some work.
    mutating func spend(_ cost: Int) throws(ClaimError) {
        spent += cost
        guard spent <= Self.budget else { throw .tooMuch }
    }

    mutating func value(of expression: Expression) throws(ClaimError) -> ClaimValue {
        try spend(1)
        switch expression.kind {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .string(let value): return .string(value)
        case .identifier(let name):
            guard let value = values[name] else { throw .missing(name) }
            return value
        case .selection(let whole, let field): return try member(field, of: whole, expression)
        case .index(let whole, let key): return try element(of: whole, key, expression)
        case .list(let elements):
            var list: [ClaimValue] = []
            for element in elements { list.append(try value(of: element)) }
            return .list(list)
        case .conditional(let condition, let first, let second):
            return try truth(of: condition) ? value(of: first) : value(of: second)
        case .unary(.not, let operand): return .bool(try !truth(of: operand))
        case .unary(.minus, let operand): return try negate(value(of: operand))
        case .binary(.and, let left, let right): return .bool(try decide(left, right, by: false))
        case .binary(.or, let left, let right): return .bool(try decide(left, right, by: true))
        case .binary(let sign, let left, let right):
            return try operate(sign, value(of: left), value(of: right))
        case .call(let name, let target, let arguments):
            guard let function = ClaimFunction(rawValue: name) else { throw .missing(name) }
            return try call(function, target, arguments)
        }
    }

    mutating func truth(of expression: Expression) throws(ClaimError) -> Bool {
        guard case .bool(let value) = try value(of: expression) else { throw .wrongType(expression.shortText) }
        return value
    }

    private mutating func member(
        _ name: String, of whole: Expression, _ expression: Expression
    ) throws(ClaimError) -> ClaimValue {
        guard case .map(let members) = try value(of: whole) else { throw .wrongType(whole.shortText) }
        guard let value = members[name] else { throw .missing(expression.shortText) }
        return value
    }

    private mutating func element(
        of whole: Expression, _ key: Expression, _ expression: Expression
    ) throws(ClaimError) -> ClaimValue {
        switch (try value(of: whole), try value(of: key)) {
        case (.map(let members), .string(let name)):
            guard let value = members[name] else { throw .missing(expression.shortText) }
            return value
        case (.list(let elements), .int(let index)):
            guard let place = Int(exactly: index), elements.indices.contains(place) else {
                throw .missing(expression.shortText)
            }
            return elements[place]
        default: throw .wrongType(expression.shortText)
        }
    }

    /// `&&` and `||`: either side alone can decide, whichever it is, even when the other has no value.
    private mutating func decide(
        _ left: Expression, _ right: Expression, by deciding: Bool
    ) throws(ClaimError) -> Bool {
        let failure: ClaimError
        do throws(ClaimError) {
            if try truth(of: left) == deciding { return deciding }
            return try truth(of: right)
        } catch {
            failure = error
        }
        // What is spent stays spent: no way leads past the budget.
        if failure != .tooMuch, let value = try? truth(of: right), value == deciding { return deciding }
        throw failure
    }
}

// Functions that bind a name.
extension ClaimEvaluation {
    /// Whether a member is there.
    mutating func has(_ argument: Expression) throws(ClaimError) -> ClaimValue {
        guard case .selection(let whole, let name) = argument.kind, case .map(let members) = try value(of: whole)
        else { throw .wrongType(argument.shortText) }
        return .bool(members[name] != nil)
    }

    /// Goes through the elements of a list, or the names of a map's members.
    mutating func go(
        through target: Expression, _ function: ClaimFunction, _ arguments: [Expression]
    ) throws(ClaimError) -> ClaimValue {
        guard case .identifier(let name) = arguments[0].kind else { throw .wrongType(arguments[0].shortText) }
        let elements: [ClaimValue]
        switch try value(of: target) {
        case .list(let list): elements = list
        case .map(let members): elements = members.keys.sorted().map(ClaimValue.string)
        default: throw .wrongType(target.shortText)
        }
        let outer = values[name]
        defer { values[name] = outer }
        var result: [ClaimValue] = []
        for element in elements {
            try spend(1)
            values[name] = element
            switch function {
            case .map: result.append(try value(of: arguments[1]))
            case .filter: if try truth(of: arguments[1]) { result.append(element) }
            default:
                let deciding = function == .exists
                if try truth(of: arguments[1]) == deciding { return .bool(deciding) }
            }
        }
        return [.map, .filter].contains(function) ? .list(result) : .bool(function == .all)
    }
}

extension Expression {
    /// The expression as an error names it.
    var shortText: String { String(description.prefix(100)) }
}
