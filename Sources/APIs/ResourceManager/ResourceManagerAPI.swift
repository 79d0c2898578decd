import Access
import Methods
import Store

/// Resource Manager, v1 and v3: the organization and the projects, and who may do what in them.
public enum ResourceManagerAPI {
    static let service = "cloudresourcemanager.googleapis.com"

    /// The API over a directory.
    ///
    /// - Parameters:
    ///   - store: the directory; the same instance that decides about access, so that it sees every write at once.
    ///   - roles: the roles that may be granted.
    public static func api(store: any DirectoryStore, roles: RoleCatalog) -> API {
        let directory = VisibleDirectory(store: store)
        let policies = PolicyMethods(store: store, roles: roles)
        return API(
            service: service, title: "Cloud Resource Manager API", mustBeEnabled: false, denied: denied,
            methods: ProjectsV1(directory: directory, policies: policies).methods
                + OrganizationsV1(directory: directory, policies: policies).methods
                + ProjectsV3(directory: directory, policies: policies).methods
                + OrganizationsV3(directory: directory, policies: policies).methods)
    }

    /// The refusals of Resource Manager, which do not name the permission in their text.
    @Sendable static func denied(_ denial: Denial) -> ServiceError {
        let isWrite = denial.permission.name.hasSuffix(".setIamPolicy")
        return .permissionDenied(
            denial, message: isWrite ? "Policy update access denied." : "The caller does not have permission")
    }
}
