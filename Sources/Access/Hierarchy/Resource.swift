/// Something that access can be granted on or checked for.
///
/// Organizations, folders, projects, service accounts, pools of identities, Cloud Run jobs, repositories and secrets
/// have a policy of their own. Every other resource is checked against the policies of what it lies in.
public enum Resource: Hashable, Sendable {
    /// By number.
    case organization(String)
    /// By number.
    case folder(String)
    /// By id; by number only in what a request says, until `Hierarchy.canonical(_:)` has looked it up.
    case project(String)
    /// By e-mail address, with the id of the project that it belongs to.
    case serviceAccount(email: String, project: String)
    /// A pool of programs that issuers outside vouch for.
    case workloadIdentityPool(String, project: String)
    /// A pool of people that issuers outside vouch for: lies in an organization, and its name says not in which.
    case workforcePool(String)
    /// A Cloud Run job.
    case job(String, location: String, project: String)
    /// A repository of Artifact Registry.
    case repository(String, location: String, project: String)
    /// A secret of Secret Manager.
    case secret(String, project: String)
    /// Anything else, by its service and its path: `batch.googleapis.com`, `projects/demo/locations/us-central1`.
    case other(service: String, path: String, project: String)

    /// The path below the service: `projects/demo`.
    public var path: String {
        switch self {
        case .organization(let number): "organizations/\(number)"
        case .folder(let number): "folders/\(number)"
        case .project(let id): "projects/\(id)"
        case .serviceAccount(let email, let project): "projects/\(project)/serviceAccounts/\(email)"
        case .workloadIdentityPool(let id, let project):
            "projects/\(project)/locations/global/workloadIdentityPools/\(id)"
        case .workforcePool(let id): "locations/global/workforcePools/\(id)"
        case .job(let name, let location, let project): "projects/\(project)/locations/\(location)/jobs/\(name)"
        case .repository(let name, let location, let project):
            "projects/\(project)/locations/\(location)/repositories/\(name)"
        case .secret(let name, let project): "projects/\(project)/secrets/\(name)"
        case .other(_, let path, _): path
        }
    }

    /// The service that it belongs to: `run.googleapis.com`.
    public var service: String {
        switch self {
        case .organization, .folder, .project: "cloudresourcemanager.googleapis.com"
        case .serviceAccount, .workloadIdentityPool, .workforcePool: "iam.googleapis.com"
        case .job: "run.googleapis.com"
        case .repository: "artifactregistry.googleapis.com"
        case .secret: "secretmanager.googleapis.com"
        case .other(let service, _, _): service
        }
    }

    /// The name that is unique over all services: `//cloudresourcemanager.googleapis.com/projects/demo`.
    public var fullName: String { "//\(service)/\(path)" }

    /// The id of the project that it is or lies in; nil above projects.
    public var project: String? {
        switch self {
        case .organization, .folder, .workforcePool: nil
        case .project(let id): id
        case .serviceAccount(_, let project), .workloadIdentityPool(_, let project), .job(_, _, let project),
            .repository(_, _, let project), .secret(_, let project), .other(_, _, let project):
            project
        }
    }
}

extension Resource {
    /// What sort of thing a resource is.
    public enum Kind: Hashable, Sendable, CaseIterable {
        case organization
        case folder
        case project
        case serviceAccount
        case workloadIdentityPool
        case workforcePool
        case job
        case repository
        case secret
        case other

        /// Whether it holds projects, or is one.
        public var isContainer: Bool { self == .organization || self == .folder || self == .project }
    }

    /// What sort of thing it is.
    public var kind: Kind {
        switch self {
        case .organization: .organization
        case .folder: .folder
        case .project: .project
        case .serviceAccount: .serviceAccount
        case .workloadIdentityPool: .workloadIdentityPool
        case .workforcePool: .workforcePool
        case .job: .job
        case .repository: .repository
        case .secret: .secret
        case .other: .other
        }
    }
}
