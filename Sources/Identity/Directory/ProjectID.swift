/// The rules for the ids of projects.
public enum ProjectID {
    /// How long the id of a new project is (Resource Manager, project ids).
    public static let lengths = 6...30
    /// What no id may contain (Resource Manager, project ids).
    public static let reservedWords = ["google", "null", "ssl", "undefined"]

    /// Whether an id is made of lower-case letters, digits and hyphens, with a letter first and no hyphen last.
    public static func isWellFormed(_ id: String, lengths: ClosedRange<Int> = lengths) -> Bool {
        let bytes = Array(id.utf8)
        let lower = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard lengths.contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
        return lower.contains(first) && last != UInt8(ascii: "-")
            && bytes.allSatisfy { lower.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }
    }

    /// The reserved word that an id contains, if any.
    public static func reservedWord(in id: String) -> String? { reservedWords.first { id.contains($0) } }
}
