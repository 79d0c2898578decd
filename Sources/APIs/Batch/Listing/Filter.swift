/// A filter of a list, as it was written (AIP-160, without functions and bare words).
indirect enum Filter: Hashable, Sendable {
    case and([Filter])
    case or([Filter])
    case not(Filter)
    case comparison(Comparison)

    /// `labels."job-id" = "a"`
    struct Comparison: Hashable, Sendable {
        /// The parts between the dots, without quotes.
        var path: [String]
        var relation: Relation
        var value: String

        /// The field, as it is quoted in errors.
        var field: String { path.joined(separator: ".") }
    }

    enum Relation: String, Hashable, Sendable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case has = ":"
    }
}
