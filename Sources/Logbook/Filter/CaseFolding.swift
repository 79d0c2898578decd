/// A text that others are compared with, without regard to case.
///
/// ASCII letters are compared byte by byte; other texts by their lower-case mapping.
struct FoldedText: Hashable, Sendable {
    private let bytes: [UInt8]
    /// For each byte, how many of the bytes up to it are also the beginning of the text: where a search goes on after
    /// a mismatch (Knuth, Morris and Pratt), so that its time is proportional to the text searched.
    private let overlaps: [Int]

    init(_ text: String) {
        bytes = Array(text.lowercased().utf8)
        var overlaps = Array(repeating: 0, count: bytes.count)
        var length = 0
        for index in bytes.indices.dropFirst() {
            while length > 0, bytes[index] != bytes[length] { length = overlaps[length - 1] }
            if bytes[index] == bytes[length] { length += 1 }
            overlaps[index] = length
        }
        self.overlaps = overlaps
    }

    var isEmpty: Bool { bytes.isEmpty }

    func equals(_ text: String) -> Bool {
        Self.withLowercase(text) { other in
            other.count == bytes.count && zip(other, bytes).allSatisfy { Self.lower($0) == $1 }
        }
    }

    func isContained(in text: String) -> Bool {
        guard !bytes.isEmpty else { return true }
        return Self.withLowercase(text) { other in
            var length = 0
            for byte in other {
                let byte = Self.lower(byte)
                while length > 0, byte != bytes[length] { length = overlaps[length - 1] }
                if byte == bytes[length] { length += 1 }
                if length == bytes.count { return true }
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
