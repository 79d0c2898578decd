/// What a version of an image is called for the time being: `latest`, `1.4` (OCI Distribution, 2.2).
public struct TagName: Hashable, Sendable, CustomStringConvertible {
    /// As it is written in an address.
    public let text: String

    /// Nil for what is no tag: at most 128 letters, digits, `_`, `.` and `-`, the last two not at the beginning.
    public init?(_ text: String) {
        guard (1...128).contains(text.utf8.count), let first = text.utf8.first, Self.mayBegin(first),
            text.utf8.allSatisfy({ Self.mayBegin($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.text = text
    }

    /// As it is written in an address.
    public var description: String { text }

    private static func mayBegin(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
