import FoundationEssentials
import Methods
import Requests
import SwiftProtobuf

/// A field that a filter may name, with its type. Comparisons with an absent value are false (AIP-160).
enum FilterField<Item: Sendable>: Sendable {
    case text(@Sendable (Item) -> String?)
    case number(@Sendable (Item) -> Int64?)
    case time(@Sendable (Item) -> Date?)
    case flag(@Sendable (Item) -> Bool)
    /// An enum, with the names that it knows.
    case choice(of: Set<String>, @Sendable (Item) -> String)

    func predicate(_ comparison: Filter.Comparison) throws -> @Sendable (Item) -> Bool {
        let (relation, value) = (comparison.relation, comparison.value)
        switch self {
        case .text(let get):
            return Self.textPredicate(relation, value, get)
        case .number(let get):
            guard let number = Int64(value) else { throw comparison.refusal("is not a whole number") }
            return { get($0).map { relation.holds($0, number) } ?? false }
        case .time(let get):
            guard let time = Timestamps.parse(value) else { throw comparison.refusal("is not an RFC 3339 time") }
            return { get($0).map { relation.holds(Timestamps.rounded($0), time) } ?? false }
        case .flag(let get):
            guard let flag = Bool(value) else { throw comparison.refusal("is neither 'true' nor 'false'") }
            let wanted = try comparison.isEquality() == flag
            return { get($0) == wanted }
        case .choice(let names, let get):
            let name = value.uppercased()
            guard names.contains(name) else {
                throw comparison.refusal("is none of \(names.sorted().joined(separator: ", "))")
            }
            let wanted = try comparison.isEquality()
            return { (get($0) == name) == wanted }
        }
    }

    /// `=` takes a `*` at either end of the value for any text; `:` looks for the value anywhere.
    private static func textPredicate(
        _ relation: Filter.Relation, _ value: String, _ get: @escaping @Sendable (Item) -> String?
    ) -> @Sendable (Item) -> Bool {
        let pattern = TextPattern(value)
        return { item in
            guard let text = get(item) else { return false }
            switch relation {
            case .equal: return pattern.matches(text)
            case .notEqual: return !pattern.matches(text)
            case .has: return value == "*" || text.contains(value)
            default: return relation.holds(text, value)
            }
        }
    }
}

/// A text with `*` at its beginning, its end, or both.
private struct TextPattern: Sendable {
    private let core: String
    private let openStart: Bool
    private let openEnd: Bool

    init(_ text: String) {
        openStart = text.hasPrefix("*")
        openEnd = text.count > 1 && text.hasSuffix("*")
        core = String(text.dropFirst(openStart ? 1 : 0).dropLast(openEnd ? 1 : 0))
    }

    func matches(_ text: String) -> Bool {
        switch (openStart, openEnd) {
        case (false, false): text == core
        case (true, false): text.hasSuffix(core)
        case (false, true): text.hasPrefix(core)
        case (true, true): text.contains(core)
        }
    }
}

extension Filter.Relation {
    /// Compares values that have an order.
    func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .equal, .has: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}

extension Filter.Comparison {
    /// The error for a value that its field cannot be compared with.
    fileprivate func refusal(_ problem: String) -> ServiceError {
        .invalidArgument(
            "Invalid value for 'filter': '\(value.excerpt)', which '\(field.excerpt)' is compared with, \(problem).",
            field: "filter")
    }

    /// Whether equality is asked for, or inequality, of a field that has no order.
    fileprivate func isEquality() throws -> Bool {
        switch relation {
        case .equal, .has: true
        case .notEqual: false
        default:
            throw ServiceError.invalidArgument(
                "Invalid value for 'filter': '\(field.excerpt)' can be compared by '=', '!=' and ':' alone.",
                field: "filter")
        }
    }
}
