import FoundationEssentials
import Requests

/// The last part of a job's name, which its submitter chooses.
enum JobID {
    /// What an id must look like, for people.
    static let rule =
        "must be 1 to 63 characters: a lower-case letter first, then lower-case letters, digits and hyphens, "
        + "and no hyphen at the end"

    /// Batch API, `job_id`.
    static func isValid(_ id: String) -> Bool {
        let bytes = Array(id.utf8)
        guard (1...63).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
        return ASCII.isLowerLetter(first) && last != ASCII.hyphen
            && bytes.allSatisfy { ASCII.isLowerLetter($0) || ASCII.isDigit($0) || $0 == ASCII.hyphen }
    }

    /// The id of a job whose submitter gave none.
    static func generated(from uuid: UUID) -> String { "j-" + uuid.uuidString.lowercased() }

    /// The uid of a job: unique over all time, and readable. At most 63 characters, a letter first.
    static func uid(of id: String, from uuid: UUID) -> String {
        var head = id.prefix(26)
        while head.last == "-" { head.removeLast() }
        return head + "-" + uuid.uuidString.lowercased()
    }
}
