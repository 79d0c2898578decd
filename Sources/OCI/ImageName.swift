/// What an image is called within its repository: `report`, `team/report` (OCI Distribution, 2.2).
public struct ImageName: Hashable, Sendable, CustomStringConvertible {
    /// As it is written in an address.
    public let text: String

    /// In bytes.
    static let longest = 255

    /// Nil for what is no name: words of lower-case letters and digits, joined by `.`, `_`, `__` or hyphens, and parts
    /// joined by slashes.
    public init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy(Self.isPart) else { return nil }
        self.text = text
    }

    /// As it is written in an address.
    public var description: String { text }

    /// Whether it may stand between the slashes of a name.
    static func isPart(_ part: Substring) -> Bool {
        let part = part.utf8
        guard let first = part.first, let last = part.last, isWord(first), isWord(last) else { return false }
        let gaps = part.split(omittingEmptySubsequences: true, whereSeparator: isWord)
        return gaps.allSatisfy { gap in
            gap.elementsEqual(".".utf8) || gap.elementsEqual("_".utf8) || gap.elementsEqual("__".utf8)
                || gap.allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
