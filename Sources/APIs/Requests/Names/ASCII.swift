/// The bytes that names and labels are made of.
public enum ASCII {
    /// `-`
    public static let hyphen = UInt8(ascii: "-")
    /// `_`
    public static let underscore = UInt8(ascii: "_")
    /// `.`
    public static let dot = UInt8(ascii: ".")

    /// `a` to `z`.
    public static func isLowerLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    /// `A` to `Z`.
    private static func isUpperLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    /// A letter of either case.
    public static func isLetter(_ byte: UInt8) -> Bool { isLowerLetter(byte) || isUpperLetter(byte) }
    /// `0` to `9`.
    public static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
