/// Why a filter is refused, and where.
public struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in words.
    public let reason: String
    /// From 1.
    public let line: Int
    /// From 1, in characters.
    public let column: Int
    /// The text that is wrong; empty at the end of the filter.
    public let token: String

    /// `unknown field 'lables' at line 1, column 5, token 'lables'`
    public var description: String {
        "\(reason) at line \(line), column \(column), token '\(token)'"
    }

    init(_ reason: String, at token: Token) {
        self.reason = reason
        line = token.line
        column = token.column
        self.token = String(token.text.prefix(100))
    }
}
