import Foundation

/// The name of a log: `projects/demo/logs/run.googleapis.com%2Fstdout` (Logging API, `LogEntry.log_name`).
public struct LogName: Hashable, Sendable, CustomStringConvertible {
    /// What it belongs to, as the name has it: a project by its id, in everything that is stored.
    public var parent: LogParent
    /// What comes after `logs/`, without URL encoding: `run.googleapis.com/stdout`.
    public let logID: String

    /// Takes a name apart; nil unless it is that of a project, a folder or an organization and its log id is
    /// URL-encoded, at most 511 characters long and made of letters, digits, `/`, `_`, `-` and `.`.
    public init?(_ name: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, let parent = LogParent(path: "\(parts[0])/\(parts[1])"), parts[2] == "logs",
            let logID = parts[3].removingPercentEncoding, Self.isValid(logID)
        else { return nil }
        self.init(parent, logID: logID)
    }

    /// Makes the name of a log from its id, such as `cloudaudit.googleapis.com/activity`.
    public init(_ parent: LogParent, logID: String) {
        self.parent = parent
        self.logID = logID
    }

    /// Whether the server alone writes it: a log of what callers did.
    public var isAudit: Bool { logID.hasPrefix("cloudaudit.googleapis.com/") }

    /// Whether it takes a permission of its own to read it: it tells who read what (Cloud Logging, audit logs).
    public var isPrivate: Bool { logID == "cloudaudit.googleapis.com/data_access" }

    /// The name with the log id URL-encoded.
    public var description: String {
        "\(parent.path)/logs/"
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
