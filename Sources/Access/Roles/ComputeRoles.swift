// The permissions of the services that Landfall has, as the public IAM role data set iann0036/iam-dataset (MIT) lists
// them on 22 August 2026; `size` counts the permissions of all services.

extension RoleCatalog {
    /// Roles for OS Login, which jobs that do not run as root need.
    static let computeRoles: [RoleSource] = [
        RoleSource(
            "roles/compute.osLogin", title: "Compute OS Login", size: 25,
            permissions: """
                compute.instances osLogin
                resourcemanager.projects get list
                serviceusage.consumerpolicy analyze get
                serviceusage.effectivepolicy get
                serviceusage.groups list listExpandedMembers listMembers
                serviceusage.quotas get
                serviceusage.services get list
                serviceusage.values test
                """),
        RoleSource(
            "roles/compute.osAdminLogin", title: "Compute OS Admin Login", size: 26,
            permissions: """
                compute.instances osAdminLogin osLogin
                resourcemanager.projects get list
                serviceusage.consumerpolicy analyze get
                serviceusage.effectivepolicy get
                serviceusage.groups list listExpandedMembers listMembers
                serviceusage.quotas get
                serviceusage.services get list
                serviceusage.values test
                """),
        RoleSource(
            "roles/compute.osLoginExternalUser", title: "Compute OS Login External User", size: 1, on: [.organization],
            permissions: """
                compute.oslogin updateExternalUser
                """),
    ]
}
