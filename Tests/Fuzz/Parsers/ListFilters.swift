@testable import Batch
@testable import ResourceManager

extension FuzzedParser {
    /// Filters of Batch's lists (AIP-160). Written out, a filter reads as the same filter.
    static let batchFilter = FuzzedParser("batch-filter") { input in
        let filter = try FilterParser.parse(input.text)
        _ = try? JobList.fields.predicate(filter)
        _ = try? TaskList.fields.predicate(filter)
        _ = try? OperationList.fields.predicate(filter)
        let text = filter.text
        // Written out it may be longer, or deeper, than filters may be.
        guard let again = try? FilterParser.parse(text) else {
            return try expect(text.utf8.count > 2000 || filter.depth > 15, "\(text) does not read at all")
        }
        try expect(again == filter, "\(text) reads as \(again.text)")
    }

    /// Filters of Resource Manager's lists, tried on a project.
    static let projectFilter = FuzzedParser("project-filter") { input in
        let filter = try ListFilter(input.text, keys: ["id", "name", "labels."], field: "filter")
        for id in ["demo", "", "a*b", "Große-Dinge\u{301}"] {
            _ = filter.matches { key in key == "id" ? id : key.hasPrefix("labels.") ? "core" : nil }
        }
    }
}

extension Filter {
    /// The filter, with everything quoted and in parentheses.
    fileprivate var text: String {
        switch self {
        case .and(let parts): "(" + parts.map(\.text).joined(separator: " AND ") + ")"
        case .or(let parts): "(" + parts.map(\.text).joined(separator: " OR ") + ")"
        case .not(let part): "(NOT " + part.text + ")"
        case .comparison(let comparison):
            comparison.path.map(Self.quoted).joined(separator: ".") + " \(comparison.relation.rawValue) "
                + Self.quoted(comparison.value)
        }
    }

    fileprivate var depth: Int {
        switch self {
        case .and(let parts), .or(let parts): 1 + (parts.map(\.depth).max() ?? 0)
        case .not(let part): 1 + part.depth
        case .comparison: 0
        }
    }

    private static func quoted(_ text: String) -> String {
        // By scalars: a mark behind a quote makes another character of it.
        let scalars = text.unicodeScalars.flatMap { $0 == "\\" || $0 == "\"" ? ["\\", $0] : [$0] }
        return "\"" + String(String.UnicodeScalarView(scalars)) + "\""
    }
}
