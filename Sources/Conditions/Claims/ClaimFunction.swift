/// A function of expressions over claims.
enum ClaimFunction: String, CaseIterable {
    // On their own.
    case has
    case int
    case string
    // Behind a value, or on its own.
    case size
    // Behind a value.
    case contains
    case endsWith
    case extract
    case indexOf
    case join
    case lowerAscii
    case replace
    case split
    case startsWith
    case substring
    case trim
    case upperAscii
    // Behind a list or a map, with a name for the element and an expression of it.
    case all
    case exists
    case filter
    case map

    /// Whether it stands behind a value; nil when both is possible.
    private var isMethod: Bool? {
        switch self {
        case .has, .int, .string: false
        case .size: nil
        default: true
        }
    }

    /// Whether it gives its first argument a meaning, as the name of an element.
    var bindsName: Bool { [.all, .exists, .filter, .map].contains(self) }

    /// How many arguments there can be, the value before it not counted.
    private var arguments: ClosedRange<Int> {
        switch self {
        case .has, .int, .string, .contains, .endsWith, .extract, .indexOf, .split, .startsWith: 1...1
        case .size, .lowerAscii, .trim, .upperAscii: 0...0
        case .join: 0...1
        case .replace, .all, .exists, .filter, .map: 2...2
        case .substring: 1...2
        }
    }

    /// Whether it can be called so.
    func takes(target isThere: Bool, arguments count: Int) -> Bool {
        if self == .size { return count == (isThere ? 0 : 1) }
        return isMethod == isThere && arguments.contains(count)
    }
}

/// Checks that the names and functions of an expression exist.
struct ClaimNames {
    let text: String

    /// - Throws: `ConditionError` at the first that does not.
    func check(_ expression: Expression, knowing names: Set<String>) throws(ConditionError) {
        switch expression.kind {
        case .identifier(let name):
            guard names.contains(name) else {
                throw error(
                    "there is no \(name.prefix(100)): only \(names.sorted().joined(separator: ", "))", expression)
            }
        case .call(let name, let target, let arguments):
            try check(call: name, target, arguments, expression, knowing: names)
        default:
            for part in expression.kind.parts { try check(part, knowing: names) }
        }
    }

    private func check(
        call name: String, _ target: Expression?, _ arguments: [Expression], _ whole: Expression,
        knowing names: Set<String>
    ) throws(ConditionError) {
        guard let function = ClaimFunction(rawValue: name),
            function.takes(target: target != nil, arguments: arguments.count)
        else {
            throw error(
                "there is no function \(name.prefix(100)) with \(arguments.count) arguments"
                    + (target == nil ? "" : " behind a value"), whole)
        }
        if let target { try check(target, knowing: names) }
        if function == .has {
            guard case .selection(let owner, _) = arguments[0].kind else {
                throw error("has takes the name of a member, such as assertion.email", arguments[0])
            }
            try check(owner, knowing: names)
        } else if function.bindsName {
            guard case .identifier(let element) = arguments[0].kind else {
                throw error("\(name) takes a name for the element first", arguments[0])
            }
            try check(arguments[1], knowing: names.union([element]))
        } else {
            for argument in arguments { try check(argument, knowing: names) }
        }
    }

    private func error(_ message: String, _ expression: Expression) -> ConditionError {
        ConditionError(message, at: expression.range.lowerBound, of: text)
    }
}
