/// The services that a project has enabled.
public struct EnabledServices: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "services"
    /// Where a state has such records.
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

    /// What it is kept by.
    public var key: String { project }
}
