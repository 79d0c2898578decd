import struct Crypto.SHA256
import protocol FoundationEssentials.DataProtocol

/// What a blob, a manifest or a layer is known by, and verified against: the SHA-256 of its bytes.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public let hex: String

    /// As registries write it: `sha256:` and the digits.
    public var description: String { "sha256:\(hex)" }

    /// Reads a digest; nil for anything but a whole, lower-case SHA-256.
    public init?(_ text: String) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: text.dropFirst(7))
    }

    /// Reads the digits alone; nil unless there are 64 lower-case ones.
    public init?(hex: some StringProtocol) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return nil
        }
        self.hex = String(hex)
    }

    /// The digest of these bytes.
    public init(of bytes: some DataProtocol) { self.init(SHA256.hash(data: bytes)) }

    /// What a hash has come to.
    public init(_ digest: SHA256.Digest) {
        let digits = Array("0123456789abcdef")
        hex = String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

extension Digest {
    /// In the order of their digits.
    public static func < (left: Digest, right: Digest) -> Bool { left.hex < right.hex }
}

extension Digest: Codable {
    /// Reads the text form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is no SHA-256 digest")
        }
        self = digest
    }

    /// Writes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
