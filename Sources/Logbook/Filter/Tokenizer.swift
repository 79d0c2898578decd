/// Cuts a filter into tokens.
struct Tokenizer {
    private let characters: [Character]
    private var position = 0
    private var line = 1
    private var lineStart = 0

    static func tokens(of text: String) throws(FilterError) -> [Token] {
        var tokenizer = Tokenizer(characters: Array(text))
        var tokens: [Token] = []
        repeat { tokens.append(try tokenizer.token()) } while tokens.last?.kind != .end
        return tokens
    }

    private init(characters: [Character]) { self.characters = characters }

    private func peek(_ offset: Int = 0) -> Character? {
        position + offset < characters.count ? characters[position + offset] : nil
    }

    private mutating func token() throws(FilterError) -> Token {
        let before = position
        skipSpace()
        let start = position
        let (line, column) = (line, start - lineStart + 1)
        let kind = try kind(from: start)
        return Token(
            kind: kind, text: String(characters[start..<position]), line: line, column: column,
            followsSpace: start > before || start == 0)
    }

    private mutating func skipSpace() {
        while let character = peek() {
            if character.isNewline {
                line += 1
                lineStart = position + 1
            } else if character == "-", peek(1) == "-" {
                while let next = peek(1), !next.isNewline { position += 1 }
            } else if !character.isWhitespace {
                return
            }
            position += 1
        }
    }

    private mutating func kind(from start: Int) throws(FilterError) -> Token.Kind {
        guard let character = peek() else { return .end }
        switch character {
        case "(": return single(.open)
        case ")": return single(.close)
        case ",": return single(.comma)
        case "-": return single(.minus)
        case "=", "!", "<", ">", ":":
            for length in [2, 1] {
                let end = min(position + length, characters.count)
                if let found = ComparisonOperator(rawValue: String(characters[position..<end])) {
                    position = end
                    return .comparison(found)
                }
            }
            throw error("unexpected character", from: start, to: start + 1)
        default: return try word(from: start)
        }
    }

    private mutating func single(_ kind: Token.Kind) -> Token.Kind {
        position += 1
        return kind
    }

    private mutating func word(from start: Int) throws(FilterError) -> Token.Kind {
        var segments: [Token.Segment] = []
        while let character = peek() {
            if character == "\"" || character == "'" {
                // A quoted part continues a word only after a dot.
                guard segments.last.map({ !$0.isQuoted && $0.text.hasSuffix(".") }) ?? true else { break }
                segments.append(try quoted(character, from: start))
                guard peek() == "." else { break }
            } else if let text = bare() {
                segments.append(Token.Segment(text: text, isQuoted: false, pattern: text))
            } else {
                break
            }
        }
        guard !segments.isEmpty else { throw error("unexpected character", from: start, to: start + 1) }
        if segments.count == 1, !segments[0].isQuoted {
            switch segments[0].text {
            case "AND": return .and
            case "OR": return .or
            case "NOT": return .not
            default: break
            }
        }
        return .word(segments)
    }

    private mutating func bare() -> String? {
        let start = position
        while let character = peek() {
            if character == ":" {
                guard Self.isClock(characters[start..<position]) else { break }
            } else if character.isWhitespace || "()=!<>,\"'".contains(character) {
                break
            }
            position += 1
        }
        return position > start ? String(characters[start..<position]) : nil
    }

    /// Whether the text is the beginning of a time such as `2026-01-31T10` or `2026-01-31T10:30`, in which a colon is
    /// no operator.
    private static func isClock(_ text: ArraySlice<Character>) -> Bool {
        guard text.count == 13 || text.count == 16 else { return false }
        return zip(text, "0000-00-00T00:00").allSatisfy { character, shape in
            shape == "0" ? character.isASCII && character.isNumber : character == shape
        }
    }

    private mutating func quoted(_ quote: Character, from start: Int) throws(FilterError) -> Token.Segment {
        position += 1
        var segment = Token.Segment(text: "", isQuoted: true, pattern: "")
        while let character = peek() {
            position += 1
            if character == quote { return segment }
            guard character == "\\", let escaped = peek() else {
                segment.text.append(character)
                segment.pattern.append(character)
                if character.isNewline {
                    line += 1
                    lineStart = position
                }
                continue
            }
            position += 1
            segment.pattern += escaped == quote || escaped == "\\" ? String(escaped) : "\\\(escaped)"
            if let (character, digits) = numbered(escaped) {
                segment.pattern += digits
                segment.text.append(character)
                position += digits.count
            } else {
                segment.text += Self.resolved(escaped)
            }
        }
        throw error("missing closing quote", from: start, to: position)
    }

    private static func resolved(_ escaped: Character) -> String {
        switch escaped {
        case "\\", "\"", "'": "\(escaped)"
        case "n": "\n"
        case "t": "\t"
        case "r": "\r"
        case "a": "\u{07}"
        case "b": "\u{08}"
        case "f": "\u{0C}"
        case "v": "\u{0B}"
        default: "\\\(escaped)"
        }
    }

    /// The character that the digits after `\x`, `\u` or `\U` stand for.
    private func numbered(_ escaped: Character) -> (Character, digits: String)? {
        let counts: [Character: Int] = ["x": 2, "u": 4, "U": 8]
        guard let count = counts[escaped], position + count <= characters.count else { return nil }
        let digits = String(characters[position..<(position + count)])
        guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else { return nil }
        return (Character(scalar), digits)
    }

    private func error(_ reason: String, from start: Int, to end: Int) -> FilterError {
        let text = String(characters[start..<min(end, characters.count)])
        return FilterError(
            reason,
            at: Token(kind: .end, text: text, line: line, column: max(1, start - lineStart + 1), followsSpace: true))
    }
}
