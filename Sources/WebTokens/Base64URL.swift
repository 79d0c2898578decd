import FoundationEssentials

/// Base64 for URLs without padding (RFC 4648, 5), as JWTs have it.
public enum Base64URL {
    /// The text of some bytes.
    public static func encode(_ data: Data) -> String {
        let text = data.base64EncodedString().utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil for anything but what `encode` gives: of two spellings of the same bytes only one is taken.
    public static func decode(_ text: Substring) -> Data? {
        var swapped = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        swapped += [UInt8](repeating: UInt8(ascii: "="), count: (4 - swapped.count % 4) % 4)
        guard let data = Data(base64Encoded: Data(swapped)), encode(data) == text else { return nil }
        return data
    }
}
