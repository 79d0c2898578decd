import Access
import FoundationEssentials
import Store

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

    /// Makes the project: all of it, or nothing.
    ///
    /// - Throws: `StoreError.alreadyExists` when the id is taken, by a project that is marked for deletion too.
    public func insert(into directory: any DirectoryStore) async throws -> ProjectRecord {
        let ownership = Binding(role: "roles/owner", members: [owner.member])
        try await directory.insertProject(record, bindings: [ownership], services: services)
        return record
    }
}

/// The numbers of projects and organizations.
enum ResourceNumber {
    /// Twelve digits, as clients expect.
    static func random() -> String { String(Int.random(in: 100_000_000_000...999_999_999_999)) }
}
