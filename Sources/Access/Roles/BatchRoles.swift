// The permissions of the services that Landfall has, as the public IAM role data set iann0036/iam-dataset (MIT) lists
// them on 22 August 2026; `size` counts the permissions of all services.

extension RoleCatalog {
    /// Roles for Batch jobs.
    static let batchRoles: [RoleSource] = [
        RoleSource(
            "roles/batch.jobsEditor", title: "Batch Job Editor", size: 12,
            permissions: """
                batch.jobs create delete get list
                batch.locations get list
                batch.operations get list
                batch.tasks get list
                resourcemanager.projects get list
                """),
        RoleSource(
            "roles/batch.jobsViewer", title: "Batch Job Viewer", size: 10,
            permissions: """
                batch.jobs get list
                batch.locations get list
                batch.operations get list
                batch.tasks get list
                resourcemanager.projects get list
                """),
    ]
}
