// The permissions of the services that Landfall has, as the public IAM role data set iann0036/iam-dataset (MIT) lists
// them on 22 August 2026; `size` counts the permissions of all services.

extension RoleCatalog {
    /// Roles for the use of services.
    static let serviceUsageRoles: [RoleSource] = [
        RoleSource(
            "roles/serviceusage.serviceUsageConsumer", title: "Service Usage Consumer", size: 16,
            permissions: """
                serviceusage.consumerpolicy analyze get
                serviceusage.contentsecuritypolicy get
                serviceusage.effectivemcppolicy get
                serviceusage.effectivepolicy get
                serviceusage.groups list listExpandedMembers listMembers
                serviceusage.mcppolicy get
                serviceusage.operations get
                serviceusage.quotas get
                serviceusage.services get list use
                serviceusage.values test
                """)
    ]
}
