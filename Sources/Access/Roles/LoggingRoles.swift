// The permissions of the services that Landfall has, as the public IAM role data set iann0036/iam-dataset (MIT) lists
// them on 22 August 2026; `size` counts the permissions of all services.

extension RoleCatalog {
    /// Roles for logs.
    static let loggingRoles: [RoleSource] = [
        RoleSource(
            "roles/logging.viewer", title: "Logs Viewer", size: 28,
            permissions: """
                logging.buckets get list
                logging.exclusions get list
                logging.links get list
                logging.locations get list
                logging.logEntries list
                logging.logMetrics get list
                logging.logScopes get list
                logging.logServiceIndexes list
                logging.logServices list
                logging.logs list
                logging.operations get list
                logging.queries getShared listShared usePrivate
                logging.sinks get list
                logging.usage get
                logging.views get list
                resourcemanager.projects get
                """)
    ]
}
