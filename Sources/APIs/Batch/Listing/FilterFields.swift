import FoundationEssentials
import Methods
import Requests

/// The fields of a list's items that a filter may name.
struct FilterFields<Item: Sendable>: Sendable {
    /// By path: `status.state`. The same field may stand under several.
    var byPath: [String: FilterField<Item>]
    /// Maps of strings, by path: their keys are fields of their own.
    var maps: [String: @Sendable (Item) -> [String: String]] = [:]

    /// Turns a filter into a test.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a field that does not exist, and for a comparison that its type does not have.
    func predicate(_ filter: Filter) throws -> @Sendable (Item) -> Bool {
        switch filter {
        case .and(let parts):
            let parts = try parts.map(predicate)
            return { item in parts.allSatisfy { $0(item) } }
        case .or(let parts):
            let parts = try parts.map(predicate)
            return { item in parts.contains { $0(item) } }
        case .not(let part):
            let part = try predicate(part)
            return { !part($0) }
        case .comparison(let comparison):
            return try predicate(comparison)
        }
    }

    /// The test of a filter as a request holds it; nil when it is empty.
    func predicate(_ text: String) throws -> (@Sendable (Item) -> Bool)? {
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        return try predicate(FilterParser.parse(text))
    }

    private func predicate(_ comparison: Filter.Comparison) throws -> @Sendable (Item) -> Bool {
        if let field = byPath[comparison.field] { return try field.predicate(comparison) }
        if let map = maps[comparison.field], comparison.relation == .has {
            let key = comparison.value
            return { map($0)[key] != nil }
        }
        if comparison.path.count > 1, let map = maps[comparison.path[0]] {
            let key = comparison.path.dropFirst().joined(separator: ".")
            return try FilterField.text { map($0)[key] }.predicate(comparison)
        }
        throw ServiceError.invalidArgument(
            "Invalid value for 'filter': there is no field '\(comparison.field.excerpt)' to filter by.",
            field: "filter")
    }
}
