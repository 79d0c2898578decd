/// The syntax of e-mail addresses and domains.
public enum EmailAddress {
    /// The longest address, in characters (RFC 5321).
    public static let maximumLength = 254

    /// An address in lower case.
    ///
    /// - Returns: nil when `text` is not an address of ASCII characters at a domain with a dot.
    public static func canonical(_ text: String) -> String? {
        canonical(text) { bytes in
            guard bytes.count <= maximumLength, let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
            return isLocalPart(bytes[..<at]) && isDomain(bytes[(at + 1)...])
        }
    }

    /// A domain name in lower case; nil when `text` is not one with a dot.
    public static func canonicalDomain(_ text: String) -> String? { canonical(text) { isDomain($0[...]) } }

    /// The part after the `@`.
    public static func domain(of address: String) -> String {
        address.lastIndex(of: "@").map { String(address[address.index(after: $0)...]) } ?? ""
    }

    /// Whether an address in lower case is a service account's, by its domain.
    public static func isServiceAccount(_ address: String) -> Bool {
        let domain = domain(of: address)
        return domain == "gserviceaccount.com" || domain.hasSuffix(".gserviceaccount.com")
    }

    /// Bytes, since policies of thousands of members are read again and again.
    private static func canonical(_ text: String, where isGood: (UnsafeBufferPointer<UInt8>) -> Bool) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            guard isGood(bytes) else { return nil }
            return String(decoding: bytes.map(lowercased), as: UTF8.self)
        }
    }

    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    private static func isLocalPart(_ bytes: Bytes) -> Bool {
        (1...64).contains(bytes.count)
            && words(of: bytes).allSatisfy { !$0.isEmpty && $0.allSatisfy(isLocalCharacter) }
    }

    private static func isDomain(_ bytes: Bytes) -> Bool {
        let labels = words(of: bytes)
        return labels.count >= 2 && bytes.count <= 253 && labels.allSatisfy(isLabel)
    }

    private static func words(of bytes: Bytes) -> [Bytes] {
        bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    }

    private static func isLabel(_ label: Bytes) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
            && label.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
    }

    private static func isLocalCharacter(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
