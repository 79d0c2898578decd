import Methods

/// What a service account may be called (IAM, the fields of a service account).
enum AccountRules {
    /// Google's rule, except that three characters are enough: `etl`.
    private static let idLengths = 3...30
    /// In bytes.
    private static let longestDisplayName = 100
    /// In bytes.
    private static let longestDescription = 256

    /// Checks the id of a new account, which its address begins with.
    ///
    /// - Throws: `INVALID_ARGUMENT`, as all of these.
    static func check(id: String) throws {
        let bytes = id.utf8
        let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard idLengths.contains(bytes.count), let first = bytes.first, isLetter(first),
            bytes.last != UInt8(ascii: "-"),
            bytes.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") })
        else {
            throw ServiceError.invalidArgument(
                "The account ID \"\(id.prefix(100))\" is not valid: \(idLengths.lowerBound) to \(idLengths.upperBound) "
                    + "lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen.",
                field: "account_id")
        }
    }

    static func check(displayName: String) throws {
        try check(displayName, named: "display name", longest: longestDisplayName, field: "display_name")
    }

    static func check(description: String) throws {
        try check(description, named: "description", longest: longestDescription, field: "description")
    }

    private static func check(_ text: String, named name: String, longest: Int, field: String) throws {
        guard text.utf8.count <= longest else {
            throw ServiceError.invalidArgument(
                "The \(name) of a service account has at most \(longest) bytes, not \(text.utf8.count).",
                field: "service_account.\(field)")
        }
    }
}
