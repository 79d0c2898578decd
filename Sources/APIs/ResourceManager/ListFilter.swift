import Methods

/// The filter of a list: `lifecycleState:ACTIVE AND (id:demo OR labels.team:*)`.
///
/// Terms next to each other mean AND. Comparison is without case, `*` stands for any characters.
struct ListFilter: Sendable {
    /// Longer filters are refused.
    private static let maximumLength = 2000
    /// Filters with deeper parentheses are refused.
    private static let maximumDepth = 50

    private indirect enum Node: Sendable {
        case all([Node])
        case any([Node])
        case not(Node)
        case term(key: String, pattern: String)
    }

    private let root: Node

    /// Reads a filter.
    ///
    /// - Parameter keys: what can be compared, in lower case; `labels.` stands for every label.
    /// - Throws: `INVALID_ARGUMENT` that says what is wrong.
    init(_ text: String, keys: Set<String>, field: String) throws {
        guard text.utf8.count <= Self.maximumLength else {
            throw ServiceError.invalidArgument(
                "The filter is longer than \(Self.maximumLength) characters.", field: field)
        }
        var parser = Parser(tokens: try Self.tokens(text, field: field), keys: keys, field: field)
        root = try parser.filter()
    }

    /// Whether the filter takes something.
    ///
    /// - Parameter value: the value for a key in lower case; nil when it has none.
    func matches(_ value: (String) -> String?) -> Bool { Self.matches(root, value) }

    private static func matches(_ node: Node, _ value: (String) -> String?) -> Bool {
        switch node {
        case .all(let nodes): nodes.allSatisfy { matches($0, value) }
        case .any(let nodes): nodes.contains { matches($0, value) }
        case .not(let node): !matches(node, value)
        case .term(let key, let pattern): value(key).map { isMatch($0.lowercased(), pattern) } ?? false
        }
    }

    /// Whether a text is a pattern with any characters for each `*`.
    private static func isMatch(_ text: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return text == pattern }
        guard text.count >= first.count + last.count, text.hasPrefix(first), text.hasSuffix(last) else { return false }
        var rest = text.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }
}

extension ListFilter {
    private enum Token: Equatable {
        case open
        case close
        case comparison(isNegated: Bool)
        case word(String)
        case quoted(String)
    }

    private static func tokens(_ text: String, field: String) throws -> [Token] {
        var tokens: [Token] = []
        var rest = Substring(text)
        while let character = rest.first {
            switch character {
            case " ", "\t", "\n": rest.removeFirst()
            case "(", ")":
                tokens.append(character == "(" ? .open : .close)
                rest.removeFirst()
            case ":", "=":
                tokens.append(.comparison(isNegated: false))
                rest.removeFirst()
            case "!" where rest.hasPrefix("!="):
                tokens.append(.comparison(isNegated: true))
                rest.removeFirst(2)
            case "\"":
                let body = rest.dropFirst()
                guard let end = body.firstIndex(of: "\"") else {
                    throw ServiceError.invalidArgument("The filter has a quote without an end.", field: field)
                }
                tokens.append(.quoted(String(body[..<end])))
                rest = body[body.index(after: end)...]
            default:
                let word = rest.prefix { !" \t\n()\":=!".contains($0) }
                guard !word.isEmpty else {
                    throw ServiceError.invalidArgument(
                        "The filter has a '!' that is not followed by '='.", field: field)
                }
                tokens.append(.word(String(word)))
                rest = rest.dropFirst(word.count)
            }
        }
        return tokens
    }

    private struct Parser {
        var tokens: [Token]
        let keys: Set<String>
        let field: String
        private var position = 0
        private var depth = 0

        init(tokens: [Token], keys: Set<String>, field: String) {
            self.tokens = tokens
            self.keys = keys
            self.field = field
        }

        mutating func filter() throws -> Node {
            guard !tokens.isEmpty else { return .all([]) }
            let node = try disjunction()
            guard position == tokens.count else { throw wrong("has a ')' too many") }
            return node
        }

        private mutating func disjunction() throws -> Node {
            var nodes = [try conjunction()]
            while take("OR") { nodes.append(try conjunction()) }
            return nodes.count == 1 ? nodes[0] : .any(nodes)
        }

        private mutating func conjunction() throws -> Node {
            var nodes = [try factor()]
            while take("AND") || startsFactor { nodes.append(try factor()) }
            return nodes.count == 1 ? nodes[0] : .all(nodes)
        }

        private mutating func factor() throws -> Node {
            depth += 1
            defer { depth -= 1 }
            guard depth <= ListFilter.maximumDepth else { throw wrong("is nested too deeply") }
            if take("NOT") { return .not(try factor()) }
            guard take(.open) else { return try term() }
            let node = try disjunction()
            guard take(.close) else { throw wrong("lacks a ')'") }
            return node
        }

        private mutating func term() throws -> Node {
            guard case .word(var key)? = next(), case .comparison(var isNegated)? = next() else {
                throw wrong("must consist of terms such as id:demo")
            }
            if key.hasPrefix("-") {
                key.removeFirst()
                isNegated.toggle()
            }
            key = key.lowercased()
            guard keys.contains(key) || (key.hasPrefix("labels.") && keys.contains("labels.")) else {
                throw wrong("compares '\(key)', which is not supported")
            }
            let node = try value(of: key)
            return isNegated ? .not(node) : node
        }

        private mutating func value(of key: String) throws -> Node {
            switch next() {
            case .word(let text)?, .quoted(let text)?: return .term(key: key, pattern: text.lowercased())
            case .open?:
                var nodes: [Node] = []
                while !take(.close) {
                    if !nodes.isEmpty { _ = take("OR") }
                    guard case .word(let text)? = next() else { throw wrong("lacks a value for '\(key)'") }
                    nodes.append(.term(key: key, pattern: text.lowercased()))
                }
                return .any(nodes)
            default: throw wrong("lacks a value for '\(key)'")
            }
        }

        private var startsFactor: Bool {
            switch peek {
            case .open?: true
            case .word(let word)?: word != "OR"
            default: false
            }
        }

        private var peek: Token? { position < tokens.count ? tokens[position] : nil }

        private mutating func next() -> Token? {
            defer { position += 1 }
            return peek
        }

        private mutating func take(_ word: String) -> Bool { take(.word(word)) }

        private mutating func take(_ token: Token) -> Bool {
            guard peek == token else { return false }
            position += 1
            return true
        }

        private func wrong(_ what: String) -> ServiceError { .invalidArgument("The filter \(what).", field: field) }
    }
}
