/// A path template of google.api.HttpRule, taken apart: `/v1/{name=projects/*/locations/*/jobs/*}:cancel`.
struct PathTemplate: Sendable {
    enum Segment: Hashable, Sendable {
        case literal(String)
        /// `*`: one segment, not empty.
        case one
        /// `**`: all segments that are left, none included. Always the last.
        case rest
    }

    /// A field of the request that a part of the path fills.
    struct Variable: Sendable {
        /// Names from the request down, as the template writes them: `["job", "name"]`.
        let fieldPath: [String]
        /// Which segments.
        let segments: Range<Int>
        /// Whether the last of them is `**`, so that it takes all that are left.
        let takesRest: Bool

        /// Whether it may take more than one segment, so that `%2F` in it must stay distinct from `/`.
        var isCompound: Bool { takesRest || segments.count > 1 }
    }

    struct Malformed: Error, CustomStringConvertible {
        let template: String
        let reason: String
        var description: String { "path template \(template): \(reason)" }
    }

    let segments: [Segment]
    let variables: [Variable]
    /// `cancel` in `…:cancel`.
    let verb: String?

    init(_ text: String) throws {
        var parser = PathTemplateParser(text)
        try parser.parse()
        segments = parser.segments
        variables = parser.variables
        verb = parser.verb
    }
}

/// Reads one template from left to right.
private struct PathTemplateParser {
    private let text: String
    private var rest: Substring
    private(set) var segments: [PathTemplate.Segment] = []
    private(set) var variables: [PathTemplate.Variable] = []
    private(set) var verb: String?

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    mutating func parse() throws {
        try expect("/")
        try parseSegments(inVariable: false)
        if take(":") {
            verb = String(rest)
            rest = ""
            guard let verb, !verb.isEmpty, verb.allSatisfy({ $0.isLetter }) else { throw malformed("bad verb") }
        }
        guard rest.isEmpty else { throw malformed("unexpected \(rest)") }
        guard segments.dropLast().allSatisfy({ $0 != .rest }) else { throw malformed("** is not the last segment") }
    }

    private mutating func parseSegments(inVariable: Bool) throws {
        repeat {
            if take("{") {
                guard !inVariable else { throw malformed("a variable in a variable") }
                try parseVariable()
            } else {
                segments.append(try parseSegment())
            }
        } while take("/")
    }

    private mutating func parseSegment() throws -> PathTemplate.Segment {
        let word = String(rest.prefix { !"/:{}=".contains($0) })
        rest.removeFirst(word.count)
        switch word {
        case "": throw malformed("an empty segment")
        case "*": return .one
        case "**": return .rest
        default: return .literal(word)
        }
    }

    private mutating func parseVariable() throws {
        let name = rest.prefix { !"=}".contains($0) }
        rest.removeFirst(name.count)
        let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.allSatisfy({ !$0.isEmpty }) else { throw malformed("a variable without a name") }
        let start = segments.count
        if take("=") {
            try parseSegments(inVariable: true)
        } else {
            segments.append(.one)
        }
        try expect("}")
        variables.append(
            .init(fieldPath: path, segments: start..<segments.count, takesRest: segments.last == .rest))
    }

    private mutating func take(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func expect(_ character: Character) throws {
        guard take(character) else { throw malformed("expected \(character) before \(rest)") }
    }

    private func malformed(_ reason: String) -> PathTemplate.Malformed {
        PathTemplate.Malformed(template: text, reason: reason)
    }
}
