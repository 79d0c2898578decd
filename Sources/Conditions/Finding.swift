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
        /// Worth knowing. No check here gives one.
        case notice = "NOTICE"
    }

    /// What was looked at: IAM's validation units, whose names are in `LintResult.validation_unit_name`.
    public enum Check: String, Sendable {
        /// Syntax, names and types.
        case compilation = "LintValidationUnits/ConditionCompileCheck"
        /// Length, depth, and the number of logical operators.
        case complexity = "LintValidationUnits/ConditionComplexityCheck"
        /// Texts that are no times, and times that have passed.
        case time = "LintValidationUnits/DateTimeCheck"
        /// Numbers that a field of a timestamp can never be.
        case timeRange = "LintValidationUnits/DateTimeRangeCheck"
        /// The default of the attribute that limits which roles may be granted.
        case grantsDefault = "LintValidationUnits/DrgGetAttributeDefaultValueCheck"
        /// What stands in the list of `hasOnly`.
        case listConstants = "LintValidationUnits/HasOnlyListConstCheck"
        /// How much stands in the list of `hasOnly`.
        case listLength = "LintValidationUnits/HasOnlyListLengthCheck"
        /// Services that `resource.service` never is.
        case service = "LintValidationUnits/ResourceServiceLiteralCheck"
        /// Types that `resource.type` never is.
        case type = "LintValidationUnits/ResourceTypeLiteralCheck"
        /// Attributes that the resource's service does not provide.
        case attributes = "LintValidationUnits/RestrictedAttributesCheck"
    }
}

extension Finding {
    /// The finding that an expression is not a condition at all.
    public init(_ error: ConditionError) {
        self.init(severity: .error, check: error.check, location: error.location, message: error.message)
    }
}
