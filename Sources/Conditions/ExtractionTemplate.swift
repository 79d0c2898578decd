/// What `extract` looks for: a text before, a name in braces, a text after, as in `/buckets/{name}/`.
struct ExtractionTemplate: Hashable, Sendable {
    private let before: String
    private let after: String

    /// Reads a template; nil unless it has one name in braces.
    init?(_ text: String) {
        let parts = text.split(separator: "{", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let rest = parts[1].split(separator: "}", omittingEmptySubsequences: false)
        guard rest.count == 2, !rest[0].isEmpty, !parts[0].contains("}") else { return nil }
        before = String(parts[0])
        after = String(rest[1])
    }

    /// What stands between the first text before and the next text after: all that follows when no text is after, and
    /// nothing when either is not there.
    func extract(from text: String) -> String {
        guard let found = text.bytes(before: before, from: 0) else { return "" }
        let start = found + before.utf8.count
        if after.isEmpty { return String(decoding: text.utf8.dropFirst(start), as: UTF8.self) }
        guard let end = text.bytes(before: after, from: start) else { return "" }
        return String(decoding: text.utf8.dropFirst(start).prefix(end - start), as: UTF8.self)
    }
}
