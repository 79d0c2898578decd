/// Percent-decoding as google.api.HttpRule and the URL standard have it.
enum PercentEncoding {
    /// Decodes the segments that a path variable takes.
    ///
    /// - Parameter isCompound: In a variable of several segments `%2F` stays as it is, since a decoded slash could
    ///   not be told from one that separates.
    /// - Returns: nil for a broken escape, or one that is not UTF-8.
    static func decode(path segments: ArraySlice<Substring>, isCompound: Bool) -> String? {
        let text = segments.count == 1 ? String(segments[segments.startIndex]) : segments.joined(separator: "/")
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        return decode(text.utf8, plusIsSpace: false, keepsSlash: isCompound)
    }

    /// Decodes a name or a value of a query string, where a plus is a space.
    ///
    /// - Returns: nil for a broken escape, or one that is not UTF-8.
    static func decode(query text: Substring) -> String? {
        decode(text.utf8, plusIsSpace: true, keepsSlash: false)
    }

    private static func decode(
        _ bytes: some Collection<UInt8>, plusIsSpace: Bool, keepsSlash: Bool
    ) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+") where plusIsSpace:
                decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst(), let low = rest.popFirst(),
                    let value = hexadecimal(high, low)
                else { return nil }
                if keepsSlash, value == UInt8(ascii: "/") {
                    decoded += [byte, high, low]
                } else {
                    decoded.append(value)
                }
            default:
                decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func hexadecimal(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard let high = Character(Unicode.Scalar(high)).hexDigitValue,
            let low = Character(Unicode.Scalar(low)).hexDigitValue
        else { return nil }
        return UInt8(high * 16 + low)
    }
}
