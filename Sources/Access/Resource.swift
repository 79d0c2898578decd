/// Something that access can be granted on or checked for.
///
/// A policy can be bound to organizations, folders, projects and service accounts. Every other resource is
/// checked against the policies of the project that it lies in.
public enum Resource: Hashable, Sendable, Codable {
    /// By number.
    case organization(String)
    /// By number.
    case folder(String)
    /// By id, never by number.
    case project(String)
    /// By e-mail address, with the id of the project that it belongs to.
    case serviceAccount(email: String, project: String)
    /// Anything else, by its service and its path: `batch.googleapis.com`, `projects/demo/locations/us-central1`.
    case other(service: String, path: String, project: String)

    /// The path below the service: `projects/demo`.
    public var path: String {
        switch self {
        case .organization(let number): "organizations/\(number)"
        case .folder(let number): "folders/\(number)"
        case .project(let id): "projects/\(id)"
        case .serviceAccount(let email, let project): "projects/\(project)/serviceAccounts/\(email)"
        case .other(_, let path, _): path
        }
    }

    /// The name that is unique over all services: `//cloudresourcemanager.googleapis.com/projects/demo`.
    public var fullName: String {
        switch self {
        case .organization, .folder, .project: "//cloudresourcemanager.googleapis.com/\(path)"
        case .serviceAccount: "//iam.googleapis.com/\(path)"
        case .other(let service, _, _): "//\(service)/\(path)"
        }
    }

    /// The id of the project that it is or lies in; nil above projects.
    public var project: String? {
        switch self {
        case .organization, .folder: nil
        case .project(let id): id
        case .serviceAccount(_, let project), .other(_, _, let project): project
        }
    }
}

extension Resource {
    /// What sort of thing a resource is.
    public enum Kind: Hashable, Sendable {
        case organization
        case folder
        case project
        case serviceAccount
        case other
    }

    /// What sort of thing it is.
    public var kind: Kind {
        switch self {
        case .organization: .organization
        case .folder: .folder
        case .project: .project
        case .serviceAccount: .serviceAccount
        case .other: .other
        }
    }
}
