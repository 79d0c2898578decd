import Access

/// What a call does, as far as audit logging goes by it (Cloud Audit Logs, types of permissions).
public enum AuditCategory: String, Hashable, Sendable, CaseIterable {
    /// Reads metadata or configuration.
    case adminRead = "ADMIN_READ"
    /// Changes metadata or configuration: always logged.
    case adminWrite = "ADMIN_WRITE"
    /// Reads what users keep.
    case dataRead = "DATA_READ"
    /// Writes what users keep.
    case dataWrite = "DATA_WRITE"

    /// What a call that needs a permission does: a look or a change, of configuration unless the permission is known
    /// to be about data.
    public init(_ permission: Permission) {
        if Self.dataReads.contains(permission) {
            self = .dataRead
        } else if Self.dataWrites.contains(permission) {
            self = .dataWrite
        } else {
            self = permission.isReading ? .adminRead : .adminWrite
        }
    }

    /// What an audit config must name for such a call to be logged; nil when it always is.
    public var logType: AuditConfig.LogType? {
        switch self {
        case .adminRead: .adminRead
        case .adminWrite: nil
        case .dataRead: .dataRead
        case .dataWrite: .dataWrite
        }
    }

    /// The id of the log that has it.
    var logID: String {
        self == .adminWrite ? "cloudaudit.googleapis.com/activity" : "cloudaudit.googleapis.com/data_access"
    }

    private static let dataReads: Set<Permission> = [
        "artifactregistry.files.download", "artifactregistry.repositories.downloadArtifacts",
        "iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken",
        "iam.serviceAccounts.implicitDelegation", "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt",
        "logging.logEntries.list", "logging.logs.list", "logging.privateLogEntries.list", "logging.views.access",
        "secretmanager.versions.access",
    ]

    private static let dataWrites: Set<Permission> = [
        "artifactregistry.repositories.deleteArtifacts", "artifactregistry.repositories.uploadArtifacts",
        "batch.states.report", "logging.logEntries.create",
    ]
}
