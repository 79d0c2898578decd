/// A word of an expression.
struct Token: Equatable, Sendable {
    let kind: Kind
    /// Where it stands, in bytes of UTF-8.
    let range: Range<Int>

    enum Kind: Equatable, Sendable {
        case identifier(String)
        /// The digits' value; a minus sign is a token of its own.
        case integer(UInt64)
        case string(String)
        case keyword(Keyword)
        case mark(Mark)
        case end
    }

    enum Keyword: String, CaseIterable, Sendable {
        case `true`
        case `false`
        case `in`
        case null
    }

    /// Punctuation, the longer before what it begins with.
    enum Mark: String, CaseIterable, Sendable {
        case and = "&&"
        case or = "||"
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case not = "!"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divide = "/"
        case remainder = "%"
        case dot = "."
        case comma = ","
        case question = "?"
        case colon = ":"
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftBracket = "["
        case rightBracket = "]"
        case leftBrace = "{"
        case rightBrace = "}"
    }

    /// Words that CEL keeps from being names, so that it fits into other languages.
    static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]
}

extension Token: CustomStringConvertible {
    /// The token as an error names it.
    var description: String {
        switch kind {
        case .identifier(let name): name
        case .integer(let value): String(value)
        case .string: "a string"
        case .keyword(let keyword): keyword.rawValue
        case .mark(let mark): "\"\(mark.rawValue)\""
        case .end: "the end"
        }
    }
}
