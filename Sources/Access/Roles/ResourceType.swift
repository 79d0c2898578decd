/// A type of resource that has a policy of its own in Google Cloud, by the name that the catalogue gives it.
public enum ResourceType: String, Hashable, Sendable, CaseIterable, Codable {
    case organization
    case folder
    case project
    case serviceAccount
    case workloadIdentityPool
    /// Lies in an organization.
    case workforcePool
    /// A job of Cloud Run.
    case job
    /// A service of Cloud Run.
    case service
    /// A repository of Artifact Registry.
    case repository
    case secret
    case topic
    case subscription
    case bucket

    /// Organizations, folders and projects.
    public static let containers: Set<ResourceType> = [.organization, .folder, .project]

    /// Whether it lies in a project.
    public var isBelowProject: Bool { !Self.containers.contains(self) && self != .workforcePool }

    /// What a full name such as `//run.googleapis.com/projects/demo/locations/us-central1/jobs/etl` means.
    ///
    /// For organizations, folders, projects and service accounts, only the path counts: clients that talk to a server
    /// by another name put that name in place of the service.
    ///
    /// - Returns: nil when it is nothing that has a policy of its own.
    public init?(fullName: String) {
        guard fullName.hasPrefix("//"), fullName.utf8.count <= 2048 else { return nil }
        let parts = fullName.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, !parts.contains("") else { return nil }
        let collections = stride(from: 1, to: parts.count, by: 2).map { parts[$0] }
        guard parts.count == 1 + 2 * collections.count,
            let type = Self.types.first(where: { $0.collections == collections })
        else { return nil }
        guard type.service == nil || parts[0].hasPrefix("\(type.service ?? "").") else { return nil }
        self = type.type
    }

    /// The collections in a name of each type, and the service where the same ones belong to several.
    private static let types: [(collections: [Substring], service: String?, type: ResourceType)] = [
        (["organizations"], nil, .organization), (["folders"], nil, .folder), (["projects"], nil, .project),
        (["projects", "serviceAccounts"], nil, .serviceAccount),
        (["projects", "locations", "workloadIdentityPools"], "iam", .workloadIdentityPool),
        (["projects", "locations", "jobs"], "run", .job), (["projects", "locations", "services"], "run", .service),
        (["projects", "locations", "repositories"], "artifactregistry", .repository),
        (["projects", "secrets"], "secretmanager", .secret), (["projects", "topics"], "pubsub", .topic),
        (["projects", "subscriptions"], "pubsub", .subscription), (["projects", "buckets"], "storage", .bucket),
    ]
}
