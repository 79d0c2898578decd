/// Texts as CEL writes them: in single or double quotes, once or three times, raw with an `r` before them.
enum StringLiteral {
    /// Why a literal is none, and how many bytes into what was given.
    struct Fault: Error {
        let message: String
        let offset: Int
    }

    /// What the bytes between the quotes mean.
    static func unescape(_ bytes: ArraySlice<UInt8>) throws(Fault) -> String {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.first {
            let position = rest.startIndex - bytes.startIndex
            rest.removeFirst()
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard let scalar = escape(&rest) else {
                throw Fault(message: "this is no escape sequence", offset: position)
            }
            result.append(contentsOf: String(Character(scalar)).utf8)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// What follows a backslash; nil when it is none of CEL's escapes, or means no character.
    private static func escape(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard let kind = rest.first else { return nil }
        if (UInt8(ascii: "0")...UInt8(ascii: "3")).contains(kind) { return scalar(&rest, digits: 3, radix: 8) }
        rest.removeFirst()
        switch kind {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): return scalar(&rest, digits: 2, radix: 16)
        case UInt8(ascii: "u"): return scalar(&rest, digits: 4, radix: 16)
        case UInt8(ascii: "U"): return scalar(&rest, digits: 8, radix: 16)
        default: return simple[kind]
        }
    }

    private static func scalar(_ rest: inout ArraySlice<UInt8>, digits: Int, radix: Int) -> Unicode.Scalar? {
        let text = String(decoding: rest.prefix(digits), as: UTF8.self)
        // Swift would read a sign as well.
        guard text.utf8.count == digits, text.utf8.first != UInt8(ascii: "+"), let code = UInt32(text, radix: radix)
        else { return nil }
        rest = rest.dropFirst(digits)
        return Unicode.Scalar(code)
    }

    private static let simple: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n",
        UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t", UInt8(ascii: "v"): "\u{B}", UInt8(ascii: "\\"): "\\",
        UInt8(ascii: "?"): "?", UInt8(ascii: "\""): "\"", UInt8(ascii: "'"): "'", UInt8(ascii: "`"): "`",
    ]

    /// Writes a text in double quotes, so that it is read as it was.
    static func write(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if isInvisible(scalar) {
                    result += (scalar.value < 0x10000 ? "\\u" : "\\U") + hexadecimal(scalar)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    /// Whether a character would change how what is around it is shown, or show nothing.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return String(repeating: "0", count: (scalar.value < 0x10000 ? 4 : 8) - digits.utf8.count) + digits
    }
}
