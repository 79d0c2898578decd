import Requests

/// A secret as a job names it: of the job's own project by its id alone, else with its project.
struct SecretName: Hashable, Sendable {
    /// Its project by id or number; nil for the job's own.
    let project: String?
    let id: String

    /// Nil when the text names no secret.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: (project, id) = (nil, parts[0])
        case 4 where parts[0] == "projects" && parts[2] == "secrets": (project, id) = (parts[1], parts[3])
        default: return nil
        }
        guard (1...255).contains(id.utf8.count),
            project.map({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isIDByte) }) ?? true,
            id.utf8.allSatisfy(Self.isIDByte)
        else { return nil }
    }

    private static func isIDByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.underscore || byte == ASCII.hyphen
    }
}
