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
    ///   - shutDown: ends what runs in a project that was marked for deletion, by its id.
    public static func api(
        store: any DirectoryStore, roles: RoleCatalog, shutDown: @escaping @Sendable (String) async throws -> Void
    ) -> API {
        let directory = VisibleDirectory(store: store)
        let lifecycle = ProjectLifecycle(directory: directory, shutDown: shutDown)
        let policies = PolicyMethods(store: store, roles: roles)
        return API(
            service: service, title: "Cloud Resource Manager API", mustBeEnabled: false, denied: denied,
            methods: ProjectsV1(directory: directory, policies: policies).methods
                + ProjectChangesV1(lifecycle: lifecycle).methods
                + OrganizationsV1(directory: directory, policies: policies).methods
                + ProjectsV3(directory: directory, policies: policies).methods
                + ProjectChangesV3(lifecycle: lifecycle).methods
                + OrganizationsV3(directory: directory, policies: policies).methods
                + ProjectOperations(directory: directory).methods)
    }

    /// The refusals of Resource Manager, which do not name the permission in their text.
    @Sendable static func denied(_ denial: Denial) -> ServiceError {
        let isWrite = denial.permission.name.hasSuffix(".setIamPolicy")
        return .permissionDenied(
            denial, message: isWrite ? "Policy update access denied." : "The caller does not have permission")
    }
}
