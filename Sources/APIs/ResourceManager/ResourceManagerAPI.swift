import Access
import Directory
import Methods
import OrgPolicy
import PolicyAPI

/// Resource Manager, v1, v2 and v3: the organization, folders and projects, and who may do what in them.
public enum ResourceManagerAPI {
    static let service = "cloudresourcemanager.googleapis.com"

    /// The API over a directory.
    ///
    /// - Parameters:
    ///   - directory: organizations, projects and their policies.
    ///   - shutDown: ends what runs in a project that was marked for deletion, by its id.
    public static func api(
        directory: Directory, shutDown: @escaping @Sendable (String) async throws -> Void
    ) -> API {
        let policies = PolicyMethods(directory: directory, service: service, denied: denied)
        let directory = VisibleDirectory(directory: directory)
        let folders = FolderLifecycle(directory: directory.directory)
        let lifecycle = ProjectLifecycle(directory: directory, shutDown: shutDown)
        return API(
            service: service, title: "Cloud Resource Manager API", mustBeEnabled: false, denied: denied,
            methods: ProjectsV1(directory: directory).methods
                + ProjectChangesV1(lifecycle: lifecycle).methods
                + OrganizationsV1(directory: directory).methods
                + ProjectsV3(directory: directory).methods
                + ProjectChangesV3(lifecycle: lifecycle).methods
                + OrganizationsV3(directory: directory).methods
                + FoldersV2(lifecycle: folders).methods + FoldersV3(lifecycle: folders).methods
                + ResourceOperations(directory: directory, folders: folders).methods
                + OrgPolicyAPI.resourceManagerMethods(directory: directory.directory)
                + policyRows.flatMap(policies.methods))
    }

    private static let policyRows: [PolicyMethods.Rows] = [
        .init(
            "google.cloud.resourcemanager.v1.Projects", at: "/v1/projects/{resource}",
            permissions: "resourcemanager.projects", resource: { try ResourceNames.project(id: $0, field: "resource") }),
        .init(
            "google.cloud.resourcemanager.v3.Projects", at: "/v3/{resource=projects/*}",
            permissions: "resourcemanager.projects", resource: { try ResourceNames.project($0, field: "resource") }),
        .init(
            "google.cloud.resourcemanager.v2.Folders", at: "/v2/{resource=folders/*}",
            permissions: "resourcemanager.folders", resource: { try ResourceNames.folder($0, field: "resource") }),
        .init(
            "google.cloud.resourcemanager.v3.Folders", at: "/v3/{resource=folders/*}",
            permissions: "resourcemanager.folders", resource: { try ResourceNames.folder($0, field: "resource") }),
        .init(
            "google.cloud.resourcemanager.v1.Organizations", at: "/v1/{resource=organizations/*}",
            permissions: "resourcemanager.organizations",
            resource: { try ResourceNames.organization($0, field: "resource") }),
        .init(
            "google.cloud.resourcemanager.v3.Organizations", at: "/v3/{resource=organizations/*}",
            permissions: "resourcemanager.organizations",
            resource: { try ResourceNames.organization($0, field: "resource") }),
    ]

    /// The refusals of Resource Manager, which do not name the permission in their text.
    @Sendable static func denied(_ denial: Denial) -> ServiceError {
        let isWrite = denial.permission.name.hasSuffix(".setIamPolicy")
        return .permissionDenied(
            denial, message: isWrite ? "Policy update access denied." : "The caller does not have permission")
    }
}
