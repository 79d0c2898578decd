/// The syntax of e-mail addresses and domains.
public enum EmailAddress {
    /// The longest address, in characters (RFC 5321).
    public static let maximumLength = 254

    /// An address in lower case.
    ///
    /// - Returns: nil when `text` is not an address of ASCII characters at a domain with a dot.
    public static func canonical(_ text: String) -> String? {
        guard text.utf8.count <= maximumLength, let at = text.lastIndex(of: "@") else { return nil }
        let local = text[..<at]
        let isLocal = (1...64).contains(local.utf8.count) && local.utf8.allSatisfy(isLocalCharacter)
        guard isLocal, !local.hasPrefix("."), !local.hasSuffix("."), !local.contains(".."),
            let domain = canonicalDomain(String(text[text.index(after: at)...]))
        else { return nil }
        return "\(local.lowercased())@\(domain)"
    }

    /// A domain name in lower case; nil when `text` is not one with a dot.
    public static func canonicalDomain(_ text: String) -> String? {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isDomain = labels.count >= 2 && text.utf8.count <= 253 && labels.allSatisfy(isLabel)
        return isDomain ? text.lowercased() : nil
    }

    /// The part after the `@`.
    public static func domain(of address: String) -> String {
        address.lastIndex(of: "@").map { String(address[address.index(after: $0)...]) } ?? ""
    }

    /// Whether an address in lower case is a service account's, by its domain.
    public static func isServiceAccount(_ address: String) -> Bool {
        let domain = domain(of: address)
        return domain == "gserviceaccount.com" || domain.hasSuffix(".gserviceaccount.com")
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
            && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isLocalCharacter(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
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
