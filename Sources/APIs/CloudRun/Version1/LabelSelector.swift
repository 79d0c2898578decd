import Methods
import Requests

/// Which objects of a list are wanted, by their labels (Kubernetes, label selectors): `a = b, c in (d, e), !f`.
struct LabelSelector: Hashable, Sendable {
    /// What one label must be like.
    enum Requirement: Hashable, Sendable {
        case isOne(key: String, of: Set<String>)
        /// Also met where the label is missing.
        case isNone(key: String, of: Set<String>)
        case exists(key: String)
        case isMissing(key: String)
    }

    private static let maxLength = 4096

    /// All of them must be met.
    let requirements: [Requirement]

    /// - Throws: `INVALID_ARGUMENT` for what is no selector.
    init(_ text: String) throws {
        guard text.utf8.count <= Self.maxLength else { throw Self.malformed(text, "it is too long") }
        requirements = try Self.split(text).map(Self.requirement)
    }

    func selects(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .isOne(let key, let values): labels[key].map(values.contains) ?? false
            case .isNone(let key, let values): labels[key].map { !values.contains($0) } ?? true
            case .exists(let key): labels[key] != nil
            case .isMissing(let key): labels[key] == nil
            }
        }
    }

    /// The one value that a label must have; nil when several would do.
    func value(of key: String) -> String? {
        for case .isOne(key, let values) in requirements where values.count == 1 { return values.first }
        return nil
    }

    /// Splits at the commas that are in no parentheses.
    private static func split(_ text: String) throws -> [Substring] {
        var (parts, start, isInside): ([Substring], String.Index, Bool) = ([], text.startIndex, false)
        for index in text.indices {
            switch text[index] {
            case "(" where !isInside: isInside = true
            case ")" where isInside: isInside = false
            case "(", ")": throw malformed(text, "its parentheses do not match")
            case "," where !isInside:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        guard !isInside else { throw malformed(text, "its parentheses do not match") }
        parts.append(text[start...])
        return parts.count == 1 && trimmed(parts[0]).isEmpty ? [] : parts
    }

    private static func requirement(_ part: Substring) throws -> Requirement {
        let text = trimmed(part)
        for (sign, isNegative) in [("!=", true), ("==", false), ("=", false)] {
            guard let range = text.range(of: sign) else { continue }
            let key = try self.key(text[..<range.lowerBound], in: part)
            let values: Set = [try value(text[range.upperBound...], in: part)]
            return isNegative ? .isNone(key: key, of: values) : .isOne(key: key, of: values)
        }
        if text.hasPrefix("!") { return .isMissing(key: try key(text.dropFirst(), in: part)) }
        let words = text.split(whereSeparator: { $0.isWhitespace || $0 == "(" })
        if words.count >= 2, words[1] == "in" || words[1] == "notin" {
            let values = try Self.values(text, in: part)
            let key = try key(words[0], in: part)
            return words[1] == "in" ? .isOne(key: key, of: values) : .isNone(key: key, of: values)
        }
        return .exists(key: try key(text, in: part))
    }

    private static func values(_ text: Substring, in part: Substring) throws -> Set<String> {
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else {
            throw malformed(String(part), "values stand in parentheses")
        }
        let inner = text[text.index(after: open)...].dropLast()
        return Set(try inner.split(separator: ",", omittingEmptySubsequences: false).map { try value($0, in: part) })
    }

    private static func key(_ text: Substring, in part: Substring) throws -> String {
        let key = trimmed(text)
        guard !key.isEmpty, key.utf8.allSatisfy({ isValueByte($0) || $0 == UInt8(ascii: "/") }) else {
            throw malformed(String(part), "a key is letters, digits, '/', '_', '-' and '.'")
        }
        return String(key)
    }

    private static func value(_ text: Substring, in part: Substring) throws -> String {
        let value = trimmed(text)
        guard value.utf8.allSatisfy(isValueByte) else {
            throw malformed(String(part), "a value is letters, digits, '_', '-' and '.'")
        }
        return String(value)
    }

    private static func isValueByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || [ASCII.underscore, ASCII.hyphen, ASCII.dot].contains(byte)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        guard let start = text.firstIndex(where: { !$0.isWhitespace }),
            let end = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return text[start...end]
    }

    private static func malformed(_ text: String, _ problem: String) -> ServiceError {
        .invalidArgument("Invalid label selector '\(text.excerpt)': \(problem).", field: "label_selector")
    }
}
