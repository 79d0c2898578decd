/// What a log belongs to.
public enum LogParent: Hashable, Sendable {
    /// By id, in everything that is stored.
    case project(String)
    /// By number.
    case folder(String)
    /// By number.
    case organization(String)

    /// Reads `projects/demo`, `folders/12` or `organizations/34`; nil for anything else.
    public init?(path: some StringProtocol) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        let id = String(parts[1])
        switch parts[0] {
        case "projects": self = .project(id)
        case "folders": self = .folder(id)
        case "organizations": self = .organization(id)
        default: return nil
        }
    }

    /// `projects/demo`
    public var path: String {
        switch self {
        case .project(let id): "projects/\(id)"
        case .folder(let number): "folders/\(number)"
        case .organization(let number): "organizations/\(number)"
        }
    }

    /// What the database has in the column `project`: the id of a project, the path of the others, which have a slash.
    var key: String {
        if case .project(let id) = self { id } else { path }
    }

    /// Reads a key.
    init(key: String) {
        self = LogParent(path: key) ?? .project(key)
    }
}

/// The part of the logs of a parent that somebody may read.
public struct LogView: Hashable, Sendable {
    /// Whose logs.
    public var parent: LogParent
    /// Whether logs are among them that say who read what (`LogName.isPrivate`).
    public var showsPrivateLogs: Bool

    /// A view of all logs of a parent, or of those that are not private.
    public init(_ parent: LogParent, showsPrivateLogs: Bool = true) {
        self.parent = parent
        self.showsPrivateLogs = showsPrivateLogs
    }

    /// Whether it shows the entries of a log.
    func shows(_ name: LogName) -> Bool { name.parent == parent && (showsPrivateLogs || !name.isPrivate) }
}
