import Directory
import Methods

/// Which secrets a list shows: `name:TEXT`, `labels.KEY=VALUE`, and several of them with AND or blanks between.
struct SecretFilter {
    private enum Term {
        case name(String)
        case label(String, String)
    }

    private let terms: [Term]

    /// Reads a filter; an empty one lets everything through.
    ///
    /// - Throws: `INVALID_ARGUMENT` for any other form.
    init(_ text: String) throws {
        guard text.utf8.count <= 2_048 else { throw Self.unsupported }
        terms = try text.split(separator: " ").filter { $0 != "AND" }.map { word in
            guard let sign = word.firstIndex(where: { $0 == ":" || $0 == "=" }) else {
                return .name(Self.unquoted(word))
            }
            let (key, value) = (word[..<sign], Self.unquoted(word[word.index(after: sign)...]))
            if key == "name" { return .name(value) }
            guard key.hasPrefix("labels."), !value.contains("*") else { throw Self.unsupported }
            return .label(String(key.dropFirst("labels.".count)), value)
        }
    }

    private static func unquoted(_ text: Substring) -> String {
        text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
            ? String(text.dropFirst().dropLast()) : String(text)
    }

    private static let unsupported = ServiceError.invalidArgument(
        "Secrets can be filtered by name:TEXT and labels.KEY=VALUE.", field: "filter")

    /// Whether it lets a secret through.
    func matches(_ secret: SecretRecord) -> Bool {
        terms.allSatisfy { term in
            switch term {
            case .name(let text): secret.resource.path.contains(text)
            case .label(let key, let value): secret.labels[key] == value
            }
        }
    }
}
