import Foundation

/// The name of a log: `projects/demo/logs/run.googleapis.com%2Fstdout` (Logging API, `LogEntry.log_name`).
public struct LogName: Hashable, Sendable, CustomStringConvertible {
    /// The project, as the name has it: its id, in everything that is stored.
    public var project: String
    /// What comes after `logs/`, without URL encoding: `run.googleapis.com/stdout`.
    public let logID: String

    /// Takes a name apart; nil unless it is a project's and its log id is URL-encoded, at most 511 characters long
    /// and made of letters, digits, `/`, `_`, `-` and `.`.
    public init?(_ name: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "projects", !parts[1].isEmpty, parts[2] == "logs",
            let logID = parts[3].removingPercentEncoding, Self.isValid(logID)
        else { return nil }
        project = String(parts[1])
        self.logID = logID
    }

    init(project: String, logID: String) {
        self.project = project
        self.logID = logID
    }

    /// The name with the log id URL-encoded.
    public var description: String {
        "projects/\(project)/logs/"
            + logID.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "%2F")
    }

    private static func isValid(_ logID: String) -> Bool {
        (1...511).contains(logID.utf8.count)
            && logID.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
                default: false
                }
            }
    }
}
