// The permissions of the services that Landfall has, as the public IAM role data set iann0036/iam-dataset (MIT) lists
// them on 22 August 2026; `size` counts the permissions of all services.

extension RoleCatalog {
    /// Roles for the hierarchy: to see it, to administer an organization, to make projects and to delete them.
    static let resourceManagerRoles: [RoleSource] = [
        RoleSource(
            "roles/browser", title: "Browser", size: 6,
            permissions: """
                resourcemanager.folders get list
                resourcemanager.organizations get
                resourcemanager.projects get getIamPolicy list
                """),
        RoleSource(
            "roles/resourcemanager.organizationAdmin", title: "Organization Administrator", size: 36,
            on: [.organization],
            permissions: """
                resourcemanager.capabilities get update
                resourcemanager.folders createPolicyBinding deletePolicyBinding get getIamPolicy list
                resourcemanager.folders searchPolicyBindings setIamPolicy updatePolicyBinding
                resourcemanager.organizations createPolicyBinding deletePolicyBinding get getIamPolicy
                resourcemanager.organizations searchPolicyBindings setIamPolicy updatePolicyBinding
                resourcemanager.projects createPolicyBinding deletePolicyBinding get getIamPolicy list
                resourcemanager.projects searchPolicyBindings setIamPolicy updatePolicyBinding
                """),
        RoleSource(
            "roles/resourcemanager.organizationViewer", title: "Organization Viewer", size: 1, on: [.organization],
            permissions: """
                resourcemanager.organizations get
                """),
        RoleSource(
            "roles/resourcemanager.projectCreator", title: "Project Creator", size: 2, on: [.organization, .folder],
            permissions: """
                resourcemanager.organizations get
                resourcemanager.projects create
                """),
        RoleSource(
            "roles/resourcemanager.projectDeleter", title: "Project Deleter", size: 1,
            permissions: """
                resourcemanager.projects delete
                """),
    ]
}
