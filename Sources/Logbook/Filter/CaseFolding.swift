/// A text that others are compared with, without regard to case.
///
/// ASCII letters are compared byte by byte; other texts by their lower-case mapping.
struct FoldedText: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.lowercased().utf8) }

    var isEmpty: Bool { bytes.isEmpty }
    /// The text in lower case.
    var lowercase: String { String(decoding: bytes, as: UTF8.self) }

    func equals(_ text: String) -> Bool {
        Self.withLowercase(text) { other in
            other.count == bytes.count && zip(other, bytes).allSatisfy { Self.lower($0) == $1 }
        }
    }

    func isContained(in text: String) -> Bool {
        guard let first = bytes.first else { return true }
        return Self.withLowercase(text) { other in
            guard other.count >= bytes.count else { return false }
            for start in 0...(other.count - bytes.count) where Self.lower(other[start]) == first {
                if (1..<bytes.count).allSatisfy({ Self.lower(other[start + $0]) == bytes[$0] }) { return true }
            }
            return false
        }
    }

    /// Less than zero when the text comes before this one, more when it comes after.
    func order(of text: String) -> Int {
        Self.withLowercase(text) { other in
            for (left, right) in zip(other, bytes) {
                let left = Self.lower(left)
                if left != right { return left < right ? -1 : 1 }
            }
            return other.count - bytes.count
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func withLowercase<Result>(
        _ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        var text = text
        return text.withUTF8 { bytes in
            if bytes.allSatisfy({ $0 < 0x80 }) { return body(bytes) }
            var folded = String(decoding: bytes, as: UTF8.self).lowercased()
            return folded.withUTF8(body)
        }
    }
}
