import Access
import FoundationEssentials
import Store

/// A project that is to be made: it begins with a number of its own, with services and with an owner.
public struct NewProject: Sendable {
    /// Numbers that are tried when one is taken.
    private static let attempts = 3

    /// The services that a project of Google's has from the beginning (Service Usage, services enabled by default), as
    /// far as they are known here. All others are enabled one by one.
    public static let defaultServices: Set = [
        "bigquery.googleapis.com", "cloudapis.googleapis.com", "logging.googleapis.com", "monitoring.googleapis.com",
        "serviceusage.googleapis.com", "storage.googleapis.com",
    ]

    /// The project as it will be, with a number that may still change.
    private var record: ProjectRecord
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
        var record = record
        for attempt in 1... {
            do {
                let ownership = Binding(role: "roles/owner", members: [owner.member])
                try await directory.insertProject(record, bindings: [ownership], services: services)
                break
            } catch StoreError.alreadyExists {
                let isTaken = try await directory.project(record.id) != nil
                if isTaken || attempt == Self.attempts { throw StoreError.alreadyExists }
                record.number = ResourceNumber.random()
            }
        }
        return record
    }
}

/// The numbers of projects and organizations.
enum ResourceNumber {
    /// Twelve digits, as clients expect.
    static func random() -> String { String(Int.random(in: 100_000_000_000...999_999_999_999)) }
}
