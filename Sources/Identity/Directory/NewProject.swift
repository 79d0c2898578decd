import Access
import Directory
import FoundationEssentials

/// A project that is to be made: it begins with a number of its own, with services and with an owner.
public struct NewProject: Sendable {
    /// The services that a project of Google's has from the beginning (Service Usage, services enabled by default), as
    /// far as they are known here. All others are enabled one by one.
    public static let defaultServices: Set = [
        "bigquery.googleapis.com", "cloudapis.googleapis.com", "logging.googleapis.com", "monitoring.googleapis.com",
        "serviceusage.googleapis.com", "storage.googleapis.com",
    ]

    private let record: ProjectRecord
    private let owner: Principal
    private let services: Set<String>

    /// Describes a project.
    ///
    /// - Parameter owner: who gets `roles/owner`.
    public init(
        id: String, displayName: String, parent: Resource, labels: [String: String] = [:], owner: Principal,
        services: Set<String> = defaultServices, createdAt: Date
    ) {
        record = ProjectRecord(
            id: id, number: ResourceNumber.random(), displayName: displayName, parent: parent, labels: labels,
            createdAt: createdAt)
        self.owner = owner
        self.services = services
    }

    /// Makes the project.
    ///
    /// - Throws: `DirectoryError.alreadyExists` when the id is taken, by a project that is marked for deletion too;
    ///   `DirectoryError.limitReached`; `HierarchyError`.
    public func insert(into draft: inout DirectoryDraft) throws -> ProjectRecord {
        guard draft.state.project(record.id) == nil, draft.state.project(record.number) == nil else {
            throw DirectoryError.alreadyExists
        }
        guard draft.state.projects.count < ProjectRecord.most else {
            throw DirectoryError.limitReached(ProjectRecord.most)
        }
        try draft.put(record)
        let ownership = Binding(role: "roles/owner", members: [owner.member])
        try draft.setPolicy(Policy(bindings: [ownership]), of: record.resource)
        try draft.enable(services, in: record, at: record.createdAt)
        return record
    }
}

/// The numbers of projects, folders and organizations.
public enum ResourceNumber {
    /// Twelve digits, as clients expect.
    public static func random() -> String { String(Int.random(in: 100_000_000_000...999_999_999_999)) }
}
