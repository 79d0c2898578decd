import Glibc

/// CEL compares texts by their code points: a letter with its accent is another text than the same letter composed,
/// which Swift's own comparison takes for equal. UTF-8 orders as code points do.
extension String {
    /// Whether two texts are the same, code point by code point.
    func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && hasBytes(atStart: other)
    }

    /// Whether this text comes before another.
    func bytesPrecede(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// Whether the text begins with another.
    func hasBytes(atStart prefix: String) -> Bool {
        Self.withBytes(of: self, prefix) { $0.isFound($1, at: 0) }
    }

    /// Whether the text ends with another.
    func hasBytes(atEnd suffix: String) -> Bool {
        Self.withBytes(of: self, suffix) { $0.isFound($1, at: $0.count - $1.count) }
    }

    /// How many bytes stand before the first occurrence of another text; nil when there is none.
    ///
    /// - Parameter start: the byte that the search begins with, at most the length.
    func bytes(before part: String, from start: Int) -> Int? {
        Self.withBytes(of: self, part) { text, part in
            guard start + part.count <= text.count else { return nil }
            return (start...text.count - part.count).first { text.isFound(part, at: $0) }
        }
    }

    private static func withBytes<Result>(
        of left: String, _ right: String, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        var (left, right) = (left, right)
        return left.withUTF8 { left in right.withUTF8 { body(left, $0) } }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether other bytes stand at a position, which may lie outside.
    fileprivate func isFound(_ part: Self, at position: Int) -> Bool {
        guard position >= 0, position + part.count <= count else { return false }
        guard let first = baseAddress, let partStart = part.baseAddress, !part.isEmpty else { return true }
        return memcmp(first + position, partStart, part.count) == 0
    }
}
