import Access
import FoundationEssentials
import Methods

/// `//cloudresourcemanager.googleapis.com/projects/demo`: a resource of any service, as clients name it when they ask
/// what its policy can grant. It need not exist.
struct FullResourceName {
    /// Its type.
    let type: ResourceType
    /// The organization, folder or project that it is or lies in; a project by id or number.
    let container: Resource
    /// The resource itself, where access is checked on it; its container for the rest.
    let resource: Resource

    /// Reads a name. Its first part, the service, is not compared: clients of a server by another name say that name.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ text: String) throws {
        let plain = text.removingPercentEncoding ?? text
        guard let type = ResourceType(fullName: plain) else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' is not the full name of a resource that has a policy: "
                    + "//SERVICE/projects/PROJECT or another.", field: "full_resource_name")
        }
        let parts = plain.dropFirst(2).split(separator: "/").dropFirst().map(String.init)
        self.type = type
        container =
            switch type {
            case .organization: .organization(parts[1])
            case .folder: .folder(parts[1])
            default: .project(parts[1])
            }
        resource =
            switch type {
            case .serviceAccount: .serviceAccount(email: parts[3].lowercased(), project: parts[1])
            case .workloadIdentityPool: .workloadIdentityPool(parts[5], project: parts[1])
            case .job: .job(parts[5], location: parts[3], project: parts[1])
            case .repository: .repository(parts[5], location: parts[3], project: parts[1])
            case .secret: .secret(parts[3], project: parts[1])
            default: container
            }
    }

    /// What those hold who may see the policy.
    var policyPermission: Permission {
        switch type {
        case .organization: "resourcemanager.organizations.getIamPolicy"
        case .folder: "resourcemanager.folders.getIamPolicy"
        case .serviceAccount: "iam.serviceAccounts.getIamPolicy"
        case .workloadIdentityPool: "iam.googleapis.com/workloadIdentityPools.getIamPolicy"
        case .workforcePool: "iam.googleapis.com/workforcePools.getIamPolicy"
        case .job: "run.jobs.getIamPolicy"
        case .repository: "artifactregistry.repositories.getIamPolicy"
        case .secret: "secretmanager.secrets.getIamPolicy"
        case .project, .service, .topic, .subscription, .bucket: "resourcemanager.projects.getIamPolicy"
        }
    }
}
