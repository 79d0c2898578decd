import Methods
import Requests

/// Reads a filter (AIP-160): `AND`, which may be left out, binds less than `OR`; `NOT` and `-` bind most.
struct FilterParser {
    private static let maxLength = 20_000
    private static let maxDepth = 50

    private let text: [UInt8]
    private var position = 0
    private var depth = 0

    /// - Throws: `INVALID_ARGUMENT` that says where and why.
    static func parse(_ text: String) throws -> Filter {
        guard text.utf8.count <= maxLength else {
            throw ServiceError.invalidArgument(
                "Invalid value for 'filter': must be at most \(maxLength) bytes long.", field: "filter")
        }
        var parser = FilterParser(text: Array(text.utf8))
        let filter = try parser.expression()
        parser.skipBlanks()
        guard parser.peek == nil else { throw parser.failure("unexpected '\(parser.rest)'") }
        return filter
    }

    private init(text: [UInt8]) { self.text = text }

    /// `expression: factor {["AND"] factor}`
    private mutating func expression() throws -> Filter {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maxDepth else { throw failure("nested more than \(Self.maxDepth) deep") }
        var factors = [try factor()]
        while true {
            skipBlanks()
            guard let next = peek, next != UInt8(ascii: ")") else { break }
            _ = take(keyword: "AND")
            factors.append(try factor())
        }
        return factors.count == 1 ? factors[0] : .and(factors)
    }

    /// `factor: term {"OR" term}`
    private mutating func factor() throws -> Filter {
        var terms = [try term()]
        while take(keyword: "OR") { terms.append(try term()) }
        return terms.count == 1 ? terms[0] : .or(terms)
    }

    /// `term: ["NOT" | "-"] ("(" expression ")" | comparison)`
    private mutating func term() throws -> Filter {
        skipBlanks()
        if take(keyword: "NOT") || take(UInt8(ascii: "-")) { return .not(try operand()) }
        return try operand()
    }

    private mutating func operand() throws -> Filter {
        skipBlanks()
        guard take(UInt8(ascii: "(")) else { return .comparison(try comparison()) }
        let inner = try expression()
        skipBlanks()
        guard take(UInt8(ascii: ")")) else { throw failure("a ')' is missing") }
        return inner
    }

    private mutating func comparison() throws -> Filter.Comparison {
        let path = try fieldPath()
        skipBlanks()
        guard let relation = takeRelation() else {
            throw failure("a comparison such as '=' is expected after '\(path.joined(separator: ".").excerpt)'")
        }
        skipBlanks()
        return Filter.Comparison(path: path, relation: relation, value: try value())
    }

    private mutating func fieldPath() throws -> [String] {
        var path = [try pathPart()]
        while take(UInt8(ascii: ".")) { path.append(try pathPart()) }
        return path
    }

    private mutating func pathPart() throws -> String {
        if let quoted = try quotedString() { return quoted }
        let part = takeWhile {
            ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == ASCII.underscore || $0 == ASCII.hyphen
                || $0 == UInt8(ascii: "/")
        }
        guard !part.isEmpty else { throw failure(peek == nil ? "a field name is missing" : "unexpected '\(rest)'") }
        return part
    }

    private mutating func value() throws -> String {
        if let quoted = try quotedString() { return quoted }
        let bare = takeWhile { !Self.isBlank($0) && !Array("()\"'".utf8).contains($0) }
        guard !bare.isEmpty else { throw failure("a value is missing") }
        return bare
    }

    private mutating func quotedString() throws -> String? {
        guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        position += 1
        var bytes: [UInt8] = []
        while let byte = peek {
            position += 1
            if byte == quote { return String(decoding: bytes, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let escaped = peek {
                position += 1
                bytes.append(escaped)
            } else {
                bytes.append(byte)
            }
        }
        throw failure("a quoted string does not end")
    }

    private mutating func takeRelation() -> Filter.Relation? {
        let pair = text[position...].prefix(2)
        for length in [2, 1] {
            if let relation = Filter.Relation(rawValue: String(decoding: pair.prefix(length), as: UTF8.self)) {
                position += relation.rawValue.utf8.count
                return relation
            }
        }
        return nil
    }

    private mutating func take(keyword: String) -> Bool {
        skipBlanks()
        let end = position + keyword.utf8.count
        guard text[position...].starts(with: keyword.utf8) else { return false }
        // A field may begin like a keyword: ORDER.
        if end < text.count, !Self.isBlank(text[end]), text[end] != UInt8(ascii: "(") { return false }
        position = end
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func takeWhile(_ accepts: (UInt8) -> Bool) -> String {
        let taken = text[position...].prefix(while: accepts)
        position += taken.count
        return String(decoding: taken, as: UTF8.self)
    }

    private mutating func skipBlanks() { _ = takeWhile(Self.isBlank) }

    private var peek: UInt8? { position < text.count ? text[position] : nil }
    private var rest: String { String(decoding: text[position...], as: UTF8.self).excerpt }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private func failure(_ problem: String) -> ServiceError {
        .invalidArgument("Invalid value for 'filter': \(problem) (at character \(position + 1)).", field: "filter")
    }
}
