// The permissions of the services that Landfall has, as the public IAM role data set iann0036/iam-dataset (MIT) lists
// them on 22 August 2026; `size` counts the permissions of all services.

extension RoleCatalog {
    /// Roles for service accounts.
    static let iamRoles: [RoleSource] = [
        RoleSource(
            "roles/iam.serviceAccountUser", title: "Service Account User", size: 5,
            permissions: """
                iam.serviceAccounts actAs get list
                resourcemanager.projects get list
                """)
    ]
}
