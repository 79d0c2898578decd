/// A condition of a binding or a rule: an expression in IAM's part of CEL that is true or false of a request.
///
/// It is compiled once and evaluated often. There are no loops in it: an evaluation takes a time in proportion to its
/// length and to that of the request's texts.
public struct Condition: Sendable {
    /// The expression as it was written.
    public let expression: String
    /// The names that it may use.
    public let vocabulary: Vocabulary
    let compiled: Compiler.Result

    /// The longest expression, in Unicode characters. The cloud documents no limit of its own.
    public static let maximumLength = 10_000
    /// The largest number of `&&`, `||` and `!` (IAM's quotas).
    public static let maximumLogicalOperators = 12
    /// The largest number of values that `hasOnly` may allow.
    public static let maximumAllowedValues = 10
    /// How many expressions may stand in one another.
    public static let maximumDepth = 32

    /// Where a condition stands decides which names it may use.
    public enum Vocabulary: Hashable, Sendable {
        /// Every attribute and function: in bindings of allow policies.
        case all
        /// Only the functions of tags: in deny policies and organization policies.
        case tags
    }

    /// Compiles an expression.
    ///
    /// - Throws: `ConditionError` when it is no expression, or not one that is true or false.
    public init(_ expression: String, vocabulary: Vocabulary = .all) throws(ConditionError) {
        let tree = try Parser.parse(expression)
        compiled = try Compiler.compile(tree, of: expression, vocabulary: vocabulary)
        self.expression = expression
        self.vocabulary = vocabulary
    }

    /// Looks whether a request meets the condition.
    public func evaluate(for request: borrowing Attributes) -> Outcome {
        Outcome(of: compiled.node, for: request)
    }
}

extension Condition: Hashable {
    /// Whether two conditions are the same expression, code point by code point, with the same names to use.
    public static func == (left: Condition, right: Condition) -> Bool {
        left.expression.hasSameBytes(as: right.expression) && left.vocabulary == right.vocabulary
    }

    /// Feeds what `==` compares; expressions that look the same may have the same hash.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(expression)
        hasher.combine(vocabulary)
    }
}

/// What a condition is for a request.
public enum Outcome: Hashable, Sendable {
    /// True.
    case met
    /// False.
    case notMet
    /// Neither: something that decides is not known, or a function cannot read its text.
    case notEvaluable(EvaluationError)

    /// Whether a binding with the condition grants its role: only if it is true.
    public var grants: Bool { self == .met }

    /// Whether a deny rule with the condition applies: unless it is false.
    public var denies: Bool { self != .notMet }

    init(of node: Node, for request: borrowing Attributes) {
        do throws(EvaluationError) {
            self = try node.truth(for: request) ? .met : .notMet
        } catch {
            self = .notEvaluable(error)
        }
    }
}
