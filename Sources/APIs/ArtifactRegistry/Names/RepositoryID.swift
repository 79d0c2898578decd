import Methods
import Requests

/// What a repository may be called.
enum RepositoryID {
    /// - Throws: `INVALID_ARGUMENT`
    static func check(_ id: String, field: String) throws {
        let bytes = Array(id.utf8)
        guard (1...63).contains(bytes.count), let first = bytes.first, ASCII.isLowerLetter(first),
            bytes.last != ASCII.hyphen,
            bytes.allSatisfy({ ASCII.isLowerLetter($0) || ASCII.isDigit($0) || $0 == ASCII.hyphen })
        else {
            throw ServiceError.invalidArgument(
                "'\(id.prefix(100))' is not the id of a repository: 1 to 63 lower-case letters, digits and hyphens, "
                    + "beginning with a letter and not ending with a hyphen.",
                field: field)
        }
    }
}
