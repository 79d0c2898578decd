/// Reads JSON (RFC 8259) token by token from bytes, without building a tree.
///
/// The codec needs what a tree would lose: duplicate names, digits as written, and where in the text each value stands.
struct JSONScanner {
    /// What a value starts as.
    enum Kind: Hashable {
        case object, array, string, number, boolean, null
    }

    /// A string, number, boolean or null.
    struct Scalar {
        let kind: Kind
        /// Its bytes in the text, a string's quotes included.
        let range: Range<Int>
        let hasEscapes: Bool
    }

    /// A text that is not JSON, or nests too deeply.
    struct Malformed: Error {
        let reason: String
        /// Offset of the offending byte.
        let offset: Int
    }

    let bytes: [UInt8]
    private(set) var position = 0
    private var depth = 0
    private let maximumDepth: Int

    /// - Parameter maximumDepth: How many objects and arrays may enclose a value.
    init(_ bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    /// What the next value is; leaves the position at its first byte.
    mutating func peek() throws -> Kind {
        skipSpace()
        guard position < bytes.count else { throw malformed("Unexpected end of string. Expected a value.") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw malformed("Unexpected token.")
        }
    }

    /// Enters the object or array that ``peek()`` found.
    mutating func enter() throws {
        depth += 1
        guard depth <= maximumDepth else {
            throw malformed("Message too deep. Max recursion depth (\(maximumDepth)) reached.")
        }
        position += 1
    }

    /// The name of the next member of the object that was entered; nil, and outside of it, after the last.
    mutating func nextName(isFirst: Bool) throws -> String? {
        skipSpace()
        if take("}") {
            depth -= 1
            return nil
        }
        if !isFirst {
            guard take(",") else { throw malformed("Expected , or } after key:value pair.") }
            skipSpace()
        }
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw malformed("Expected an object key or }.")
        }
        let name = string(try readString())
        skipSpace()
        guard take(":") else { throw malformed("Expected : between key:value pair.") }
        return name
    }

    /// Whether the array that was entered has another element; outside of it after the last.
    mutating func nextElement(isFirst: Bool) throws -> Bool {
        skipSpace()
        if take("]") {
            depth -= 1
            return false
        }
        guard isFirst || take(",") else { throw malformed("Expected , or ] after array value.") }
        return true
    }

    /// Reads the value that ``peek()`` found, which is neither object nor array.
    mutating func readScalar() throws -> Scalar {
        switch try peek() {
        case .string: return try readString()
        case .number: return try readNumber()
        case .boolean where bytes[position] == UInt8(ascii: "t"): return try readWord("true", .boolean)
        case .boolean: return try readWord("false", .boolean)
        case .null: return try readWord("null", .null)
        case .object, .array: throw malformed("Unexpected token.")
        }
    }

    /// Reads past any value.
    mutating func skipValue() throws {
        switch try peek() {
        case .object:
            try enter()
            var isFirst = true
            while try nextName(isFirst: isFirst) != nil {
                isFirst = false
                try skipValue()
            }
        case .array:
            try enter()
            var isFirst = true
            while try nextElement(isFirst: isFirst) {
                isFirst = false
                try skipValue()
            }
        default:
            _ = try readScalar()
        }
    }

    /// Makes sure that nothing but space is left.
    mutating func finish() throws {
        skipSpace()
        guard position == bytes.count else { throw malformed("Parsing terminated before end of input.") }
    }

    private mutating func readString() throws -> Scalar {
        let start = position
        var hasEscapes = false
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return Scalar(kind: .string, range: start..<position, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try readEscape()
            case 0..<0x20:
                throw malformed("Control character in string.")
            default:
                position += 1
            }
        }
        throw malformed("Closing quote expected in string.")
    }

    private mutating func readEscape() throws {
        let start = position
        guard let escape = JSONEscape(bytes[position...]) else {
            throw Malformed(reason: "Invalid escape sequence.", offset: start)
        }
        position += escape.length
    }

    private mutating func readNumber() throws -> Scalar {
        let start = position
        _ = take("-")
        if !take("0"), !skipDigits() { throw malformed("Unable to parse number.") }
        if take("."), !skipDigits() { throw malformed("Unable to parse number.") }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard skipDigits() else { throw malformed("Unable to parse number.") }
        }
        return Scalar(kind: .number, range: start..<position, hasEscapes: false)
    }

    private mutating func readWord(_ word: StaticString, _ kind: Kind) throws -> Scalar {
        let end = position + word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer { bytes[position..<min(end, bytes.count)].elementsEqual($0) }
        guard matches else { throw malformed("Unexpected token.") }
        defer { position = end }
        return Scalar(kind: kind, range: position..<end, hasEscapes: false)
    }

    /// - Returns: whether there was at least one.
    private mutating func skipDigits() -> Bool {
        let start = position
        while position < bytes.count, bytes[position] >= UInt8(ascii: "0"), bytes[position] <= UInt8(ascii: "9") {
            position += 1
        }
        return position > start
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func malformed(_ reason: String) -> Malformed { Malformed(reason: reason, offset: position) }
}

extension JSONScanner {
    /// The content of a string, without quotes and escapes; other scalars as written.
    func string(_ scalar: Scalar) -> String {
        guard scalar.kind == .string else { return String(decoding: bytes[scalar.range], as: UTF8.self) }
        let content = bytes[scalar.range].dropFirst().dropLast()
        guard scalar.hasEscapes else { return String(decoding: content, as: UTF8.self) }
        return JSONEscape.unescape(content)
    }
}
