/// Turns tokens into a tree.
///
/// ```
/// filter  := [ all ]
/// all     := any { ["AND"] any }
/// any     := term { "OR" term }
/// term    := ("NOT" | "-") term | "(" all ")" | function | comparison | text
/// comparison := (field | "cast(" field "," type ")") operator value
/// ```
struct FilterParser {
    private static let deepestNesting = 100

    private var tokens: ArraySlice<Token>
    private let end: Token
    private var depth = 0

    static func parse(_ text: String) throws(FilterError) -> Expression {
        let tokens = try Tokenizer.tokens(of: text)
        // There is always a token that marks the end.
        guard let end = tokens.last else { return .all([]) }
        var parser = FilterParser(tokens: tokens[...], end: end)
        guard parser.next.kind != .end else { return .all([]) }
        let expression = try parser.all { parser throws(FilterError) in try parser.term() }
        guard parser.next.kind == .end else { throw FilterError("syntax error", at: parser.next) }
        return expression
    }

    private init(tokens: ArraySlice<Token>, end: Token) {
        self.tokens = tokens
        self.end = end
    }

    var next: Token { tokens.first ?? end }

    mutating func take() -> Token {
        let token = next
        if token.kind != .end { tokens.removeFirst() }
        return token
    }

    mutating func take(_ kind: Token.Kind) -> Bool {
        guard next.kind == kind else { return false }
        _ = take()
        return true
    }

    typealias Leaf = (inout FilterParser) throws(FilterError) -> Expression

    /// A sequence of alternatives; what a leaf is differs inside the list of a comparison.
    mutating func all(_ leaf: Leaf) throws(FilterError) -> Expression {
        var parts = [try any(leaf)]
        while true {
            switch next.kind {
            case .end, .close, .comma:
                return parts.count == 1 ? parts[0] : .all(parts)
            case .and: _ = take()
            default: break
            }
            parts.append(try any(leaf))
        }
    }

    private mutating func any(_ leaf: Leaf) throws(FilterError) -> Expression {
        var parts = [try leaf(&self)]
        while take(.or) { parts.append(try leaf(&self)) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    /// Runs one level deeper.
    mutating func nested(_ body: Leaf) throws(FilterError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else { throw FilterError("the filter is nested too deeply", at: next) }
        return try body(&self)
    }

    private mutating func term() throws(FilterError) -> Expression {
        let token = take()
        switch token.kind {
        case .not, .minus:
            return .not(try nested { parser throws(FilterError) in try parser.term() })
        case .open:
            let inner = try nested { parser throws(FilterError) in
                try parser.all { parser throws(FilterError) in try parser.term() }
            }
            guard take(.close) else { throw FilterError("missing ')'", at: next) }
            return inner
        case .word(let segments):
            if next.kind == .open, !next.followsSpace, let name = segments.bareText {
                if name.lowercased() == "cast" {
                    let field = try cast(at: token)
                    let comparison = take()
                    guard case .comparison(let relation) = comparison.kind else {
                        throw FilterError("cast() must be compared with a value", at: comparison)
                    }
                    return try self.comparison(field, relation)
                }
                return .function(try function(name, at: token))
            }
            if case .comparison(let relation) = next.kind {
                _ = take()
                return try comparison(try field(segments, at: token), relation)
            }
            return .search(FoldedText(segments.text))
        case .and, .or, .close, .comma, .comparison, .end:
            throw FilterError("syntax error", at: token)
        }
    }
}

extension [Token.Segment] {
    /// The text of a word, without quotes.
    var text: String { map(\.text).joined() }

    /// The text of a word that has no quotes.
    var bareText: String? { count == 1 && !self[0].isQuoted ? self[0].text : nil }

    /// The parts between the dots that are not quoted; nil when a part is missing.
    var path: [String]? {
        var parts: [String] = []
        for (index, segment) in enumerated() {
            guard !segment.isQuoted else {
                parts.append(segment.text)
                continue
            }
            var names = segment.text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            if index > 0, names.first == "" { names.removeFirst() }
            if index < count - 1, names.last == "" { names.removeLast() }
            guard !names.contains("") else { return nil }
            parts += names
        }
        return parts
    }
}
