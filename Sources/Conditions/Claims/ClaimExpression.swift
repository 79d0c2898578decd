/// An expression over the claims of a token, in the part of CEL that attribute mappings and attribute conditions need.
///
/// It is checked once and evaluated often. Its types are those of the claims, known only then. The work of an
/// evaluation is bounded, whoever wrote the expression and the claims.
public struct ClaimExpression: Sendable {
    /// The expression as it was written.
    public let expression: String
    private let tree: Expression

    /// Where an expression stands decides which names it may use, and how long it may be (IAM's reference).
    public enum Place: Sendable {
        /// The value of an attribute: `assertion`, 2,048 characters.
        case mapping
        /// What a token must meet: also `google` and `attribute`, 4,096 characters.
        case condition

        var names: Set<String> {
            switch self {
            case .mapping: ["assertion"]
            case .condition: ["assertion", "google", "attribute"]
            }
        }

        var maximumLength: Int {
            switch self {
            case .mapping: 2048
            case .condition: 4096
            }
        }
    }

    /// Reads an expression.
    ///
    /// - Throws: `ConditionError` for what is no expression, or uses a name or a function that there is not.
    public init(_ expression: String, in place: Place) throws(ConditionError) {
        tree = try Parser.parse(expression, as: .claims(maximumLength: place.maximumLength))
        try ClaimNames(text: expression).check(tree, knowing: place.names)
        self.expression = expression
    }

    /// The value for a token.
    ///
    /// - Parameter values: what the names that the expression may use stand for.
    /// - Throws: `ClaimError`
    public func evaluate(_ values: [String: ClaimValue]) throws(ClaimError) -> ClaimValue {
        var evaluation = ClaimEvaluation(values)
        return try evaluation.value(of: tree)
    }
}

/// Why an expression has no value for a token.
public enum ClaimError: Error, Hashable, Sendable {
    /// There is no such claim, or no such element.
    case missing(String)
    /// An operator or a function does not take what it got.
    case wrongType(String)
    /// A number is larger than can be, or divided by zero.
    case outOfRange
    /// It takes more work, or a longer text, than an expression may.
    case tooMuch
}
