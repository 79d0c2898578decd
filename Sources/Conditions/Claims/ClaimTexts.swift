// What functions do with texts, numbers and lists of claims.

extension ClaimEvaluation {
    mutating func call(
        _ function: ClaimFunction, _ target: Expression?, _ arguments: [Expression]
    ) throws(ClaimError) -> ClaimValue {
        if function == .has { return try has(arguments[0]) }
        if function.bindsName, let target { return try go(through: target, function, arguments) }
        var operands: [ClaimValue] = []
        for expression in (target.map { [$0] } ?? []) + arguments {
            let operand = try value(of: expression)
            try spend(operand.size)
            operands.append(operand)
        }
        return try apply(function, operands)
    }

    private mutating func apply(
        _ function: ClaimFunction, _ operands: [ClaimValue]
    ) throws(ClaimError) -> ClaimValue {
        let fault = ClaimError.wrongType(
            "\(function.rawValue)(\(operands.map(\.typeName).joined(separator: ", ")))")
        switch (function, operands[0]) {
        case (.size, .list(let elements)): return .int(Int64(elements.count))
        case (.size, .map(let members)): return .int(Int64(members.count))
        case (.size, .string(let text)): return .int(Int64(text.unicodeScalars.count))
        case (.string, let value): return .string(try Self.text(of: value, fault))
        case (.int, let value): return .int(try Self.number(of: value, fault))
        case (.join, .list(let elements)): return .string(try join(elements, operands.dropFirst().first, fault))
        case (_, .string(let text)): return try apply(function, to: text, Array(operands.dropFirst()), fault)
        default: throw fault
        }
    }

    private mutating func apply(
        _ function: ClaimFunction, to text: String, _ arguments: [ClaimValue], _ fault: ClaimError
    ) throws(ClaimError) -> ClaimValue {
        let texts = arguments.compactMap(\.string)
        switch function {
        case .lowerAscii: return .string(text.mapASCII(0x41...0x5A) { $0 + 0x20 })
        case .upperAscii: return .string(text.mapASCII(0x61...0x7A) { $0 - 0x20 })
        case .trim: return .string(text.trimmed)
        case .substring: return .string(try text.part(arguments, fault))
        default: break
        }
        guard texts.count == arguments.count, let part = texts.first else { throw fault }
        // Looking for one text in another costs the product of their lengths at most.
        try spend(text.utf8.count * part.utf8.count / 256)
        switch function {
        case .contains: return .bool(text.bytes(before: part, from: 0) != nil)
        case .startsWith: return .bool(text.hasBytes(atStart: part))
        case .endsWith: return .bool(text.hasBytes(atEnd: part))
        case .indexOf: return .int(text.scalars(before: part))
        case .extract:
            guard let template = ExtractionTemplate(part) else { throw fault }
            return .string(template.extract(from: text))
        case .split:
            let parts = text.parts(between: part)
            try spend(parts.count)
            return .list(parts.map(ClaimValue.string))
        case .replace:
            let parts = text.parts(between: part)
            let length = parts.reduce(0) { $0 + $1.utf8.count } + (parts.count - 1) * texts[1].utf8.count
            try pay(forTextOf: length)
            return .string(parts.joined(separator: texts[1]))
        default: throw fault
        }
    }

    private static func text(of value: ClaimValue, _ fault: ClaimError) throws(ClaimError) -> String {
        switch value {
        case .bool(let value): return String(value)
        case .int(let value): return String(value)
        case .double(let value): return String(value)
        case .string(let text): return text
        case .null, .list, .map: throw fault
        }
    }

    private static func number(of value: ClaimValue, _ fault: ClaimError) throws(ClaimError) -> Int64 {
        switch value {
        case .int(let value): return value
        case .double(let value):
            guard let whole = Int64(exactly: value.rounded(.towardZero)) else { throw .outOfRange }
            return whole
        case .string(let text):
            guard let value = Int64(text) else { throw fault }
            return value
        default: throw fault
        }
    }

    private mutating func join(
        _ elements: [ClaimValue], _ separator: ClaimValue?, _ fault: ClaimError
    ) throws(ClaimError) -> String {
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count, let separator = (separator ?? .string("")).string else { throw fault }
        let length = texts.reduce(0) { $0 + $1.utf8.count } + texts.count * separator.utf8.count
        try pay(forTextOf: length)
        return texts.joined(separator: separator)
    }

    /// Pays for a text that is made.
    private mutating func pay(forTextOf bytes: Int) throws(ClaimError) {
        guard bytes <= Self.longestText else { throw .tooMuch }
        try spend(bytes / 256)
    }
}

extension String {
    /// The text with those bytes changed that lie in a range; bytes of ASCII stay so.
    fileprivate func mapASCII(_ range: ClosedRange<UInt8>, _ change: (UInt8) -> UInt8) -> String {
        String(decoding: utf8.map { range.contains($0) ? change($0) : $0 }, as: UTF8.self)
    }

    /// Without white space at both ends.
    fileprivate var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// From one Unicode character, counted from 0, to before another or the end.
    fileprivate func part(_ places: [ClaimValue], _ fault: ClaimError) throws(ClaimError) -> String {
        let scalars = Array(unicodeScalars)
        var range = [0, scalars.count]
        for (index, place) in places.enumerated() {
            guard case .int(let place) = place else { throw fault }
            guard (0...Int64(scalars.count)).contains(place) else { throw .outOfRange }
            range[index] = Int(place)
        }
        guard range[0] <= range[1] else { throw .outOfRange }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars[range[0]..<range[1]])
        return String(result)
    }

    /// How many Unicode characters stand before the first occurrence of a text; -1 when there is none.
    fileprivate func scalars(before part: String) -> Int64 {
        guard let count = bytes(before: part, from: 0) else { return -1 }
        return Int64(utf8.prefix(count).count { $0 & 0xC0 != 0x80 })
    }

    /// What stands between the occurrences of a text; of an empty one, the Unicode characters.
    fileprivate func parts(between separator: String) -> [String] {
        guard !separator.isEmpty else { return unicodeScalars.map(String.init) }
        var parts: [String] = []
        var start = 0
        while let end = bytes(before: separator, from: start) {
            parts.append(String(decoding: utf8.dropFirst(start).prefix(end - start), as: UTF8.self))
            start = end + separator.utf8.count
        }
        return parts + [String(decoding: utf8.dropFirst(start), as: UTF8.self)]
    }
}
