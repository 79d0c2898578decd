/// Takes an expression apart into tokens (CEL's lexis).
struct Lexer {
    private let text: String
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    /// The next token; `.end` again and again when there is none.
    mutating func next() throws(ConditionError) -> Token {
        skipSpace()
        guard position < bytes.count else { return token(.end, from: position) }
        let start = position
        if let quote = stringStart() { return try string(after: quote) }
        let byte = bytes[position]
        if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && Self.isDigit(peek(1))) { return try number() }
        if Self.isLetter(byte) { return word() }
        for mark in Token.Mark.allCases where bytes[position...].starts(with: mark.rawValue.utf8) {
            position += mark.rawValue.utf8.count
            return token(.mark(mark), from: start)
        }
        throw ConditionError("this character has no meaning here", at: start, of: text)
    }

    private func peek(_ distance: Int) -> UInt8 {
        position + distance < bytes.count ? bytes[position + distance] : 0
    }

    private func token(_ kind: Token.Kind, from start: Int) -> Token {
        Token(kind: kind, range: start..<position)
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            if [0x09, 0x0A, 0x0C, 0x0D, 0x20].contains(bytes[position]) {
                position += 1
            } else if peek(0) == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                position = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            } else {
                return
            }
        }
    }

    private mutating func word() -> Token {
        let start = position
        while Self.isLetter(peek(0)) || Self.isDigit(peek(0)) { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        return token(Token.Keyword(rawValue: name).map(Token.Kind.keyword) ?? .identifier(name), from: start)
    }

    private mutating func number() throws(ConditionError) -> Token {
        let start = position
        let isHexadecimal = peek(0) == UInt8(ascii: "0") && [UInt8(ascii: "x"), UInt8(ascii: "X")].contains(peek(1))
        while Self.isLetter(peek(0)) || Self.isDigit(peek(0)) { position += 1 }
        guard isHexadecimal || !(peek(0) == UInt8(ascii: ".") && Self.isDigit(peek(1))) else {
            throw ConditionError("conditions have whole numbers only", at: start, of: text)
        }
        let digits = bytes[(isHexadecimal ? start + 2 : start)..<position]
        guard let value = UInt64(String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10) else {
            throw ConditionError("this is no whole number, or a larger one than can be", at: start, of: text)
        }
        return token(.integer(value), from: start)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

// Strings.
extension Lexer {
    /// How a string begins.
    private struct Quote {
        let mark: UInt8
        let isTriple: Bool
        let isRaw: Bool
        /// The prefix and the quotes, in bytes.
        let length: Int
        let isBytes: Bool

        var markLength: Int { isTriple ? 3 : 1 }
    }

    /// The beginning of a string, if one begins here.
    private func stringStart() -> Quote? {
        var length = 0
        var isRaw = false
        var isBytes = false
        while length < 2, !Self.isQuote(peek(length)) {
            switch peek(length) {
            case UInt8(ascii: "r"), UInt8(ascii: "R"): isRaw = true
            case UInt8(ascii: "b"), UInt8(ascii: "B"): isBytes = true
            default: return nil
            }
            length += 1
        }
        let mark = peek(length)
        guard Self.isQuote(mark) else { return nil }
        let isTriple = peek(length + 1) == mark && peek(length + 2) == mark
        return Quote(
            mark: mark, isTriple: isTriple, isRaw: isRaw, length: length + (isTriple ? 3 : 1), isBytes: isBytes)
    }

    private mutating func string(after quote: Quote) throws(ConditionError) -> Token {
        let start = position
        guard !quote.isBytes else { throw ConditionError("conditions have no bytes", at: start, of: text) }
        position += quote.length
        let body = position
        while !isAtEnd(of: quote) {
            guard position < bytes.count, quote.isTriple || !Self.isLineBreak(bytes[position]) else {
                throw ConditionError("the string that begins here does not end", at: start, of: text)
            }
            // A backslash takes the quote behind it along, but in raw strings.
            position += !quote.isRaw && bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        let content = bytes[body..<position]
        position += quote.markLength
        if quote.isRaw { return token(.string(String(decoding: content, as: UTF8.self)), from: start) }
        do {
            return token(.string(try StringLiteral.unescape(content)), from: start)
        } catch {
            throw ConditionError(error.message, at: body + error.offset, of: text)
        }
    }

    private func isAtEnd(of quote: Quote) -> Bool {
        (0..<quote.markLength).allSatisfy { peek($0) == quote.mark }
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private static func isLineBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}
