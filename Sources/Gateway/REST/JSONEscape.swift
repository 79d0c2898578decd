/// One escape sequence of a JSON string: `\n`, `\u00e9`, or a pair of surrogates.
struct JSONEscape {
    let scalar: Unicode.Scalar
    /// How many bytes it takes in the text.
    let length: Int

    /// Reads the escape at the start of `bytes`; nil when it is none, or half of a pair.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let kind = bytes.dropFirst().first else { return nil }
        if kind == UInt8(ascii: "u") {
            self.init(hexadecimal: bytes)
            return
        }
        guard let scalar = Self.short[kind] else { return nil }
        self.init(scalar: scalar, length: 2)
    }

    private init(scalar: Unicode.Scalar, length: Int) {
        self.scalar = scalar
        self.length = length
    }

    private init?(hexadecimal bytes: ArraySlice<UInt8>) {
        guard let first = Self.unit(bytes) else { return nil }
        if let scalar = Unicode.Scalar(first) {
            self.init(scalar: scalar, length: 6)
            return
        }
        let rest = bytes.dropFirst(6)
        guard UTF16.isLeadSurrogate(first), rest.first == UInt8(ascii: "\\"),
            rest.dropFirst().first == UInt8(ascii: "u"),
            let second = Self.unit(rest), UTF16.isTrailSurrogate(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF)
        else { return nil }
        self.init(scalar: scalar, length: 12)
    }

    /// The content of a string whose escapes are known to be good.
    static func unescape(_ content: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var rest = content
        while let byte = rest.first {
            if byte == UInt8(ascii: "\\"), let escape = JSONEscape(rest) {
                text.append(contentsOf: UTF8.encode(escape.scalar) ?? UTF8.encodedReplacementCharacter)
                rest = rest.dropFirst(escape.length)
            } else {
                text.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The four hexadecimal digits behind `\u`.
    private static func unit(_ bytes: ArraySlice<UInt8>) -> UInt16? {
        let digits = bytes.dropFirst(2).prefix(4)
        guard digits.count == 4 else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            guard let nibble = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt16(nibble)
        }
        return value
    }

    private static let short: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
        UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
}

extension String {
    /// The string as a JSON string, quotes included.
    var jsonQuoted: String {
        let isPlain = utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain { return "\"\(self)\"" }
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
