/// The services that a project has enabled.
public struct EnabledServices: DirectoryRecord {
    public static let kind = "services"
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.services }

    /// The project's id.
    public var project: String
    /// `batch.googleapis.com`
    public var names: Set<String>

    /// Makes a record of its parts.
    public init(project: String, names: Set<String> = []) {
        self.project = project
        self.names = names
    }

    public var key: String { project }
}
