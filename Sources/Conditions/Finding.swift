/// What a check of a condition has to say, before the condition is in force.
public struct Finding: Hashable, Sendable {
    /// How bad it is.
    public let severity: Severity
    /// What was looked at.
    public let check: Check
    /// Where in the expression.
    public let location: SourceLocation
    /// One sentence for people.
    public let message: String

    /// How bad a finding is.
    public enum Severity: String, Sendable {
        /// A policy with the condition is refused.
        case error = "ERROR"
        /// The condition cannot do what it looks like.
        case warning = "WARNING"
        /// Worth knowing.
        case notice = "NOTICE"
    }

    /// What was looked at; the raw value names it in `LintResult.validation_unit_name`.
    public enum Check: String, Sendable {
        /// Syntax, names and types.
        case compilation = "LintValidationUnits/ConditionCompileCheck"
        /// Length, depth, and the number of logical operators.
        case complexity = "LintValidationUnits/ConditionComplexityCheck"
        /// Parts that have the same value, or the same failure, whatever the request.
        case constants = "LintValidationUnits/ConstantExpressionCheck"
        /// Attributes that the resource's service does not provide.
        case attributes = "LintValidationUnits/AttributeSupportCheck"
    }
}

extension Finding {
    /// The finding that an expression is not a condition at all.
    public init(_ error: ConditionError) {
        self.init(severity: .error, check: error.check, location: error.location, message: error.message)
    }
}
