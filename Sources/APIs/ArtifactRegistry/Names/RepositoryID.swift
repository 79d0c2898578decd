import Methods

/// What a repository may be called.
enum RepositoryID {
    /// - Throws: `INVALID_ARGUMENT`
    static func check(_ id: String, field: String) throws {
        let bytes = Array(id.utf8)
        let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard (1...63).contains(bytes.count), let first = bytes.first, isLetter(first), bytes.last != UInt8(ascii: "-"),
            bytes.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") })
        else {
            throw ServiceError.invalidArgument(
                "'\(id.prefix(100))' is not the id of a repository: 1 to 63 lower-case letters, digits and hyphens, "
                    + "beginning with a letter and not ending with a hyphen.",
                field: field)
        }
    }
}
