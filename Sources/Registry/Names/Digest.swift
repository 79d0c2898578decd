import Crypto
import Foundation

/// What tells contents apart, and makes sure that they are what was asked for: `sha256:` and 64 hexadecimal digits.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 64 digits in lower case.
    public let hex: String

    /// Reads a digest; nil for another algorithm, or what is none.
    public init?(_ text: String) {
        let prefix = "sha256:"
        guard text.utf8.count == prefix.utf8.count + 64, text.hasPrefix(prefix) else { return nil }
        let hex = text.dropFirst(prefix.count)
        guard hex.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        self.hex = String(hex)
    }

    /// The digest of some bytes.
    public init(of bytes: some DataProtocol) {
        self.init(SHA256.hash(data: bytes))
    }

    init(_ digest: SHA256.Digest) {
        hex = digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// `sha256:…`
    public var description: String { "sha256:\(hex)" }

    /// In the order of their digits.
    public static func < (left: Digest, right: Digest) -> Bool { left.hex < right.hex }
}
