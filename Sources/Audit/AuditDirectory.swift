import Access

/// What audit logging must know of the directory.
public protocol AuditDirectory: Sendable {
    /// Whether there is such an organization, folder or project: what is not there has no log.
    func exists(_ container: Resource) -> Bool

    /// The number of the organization that a workforce pool belongs to; nil when there is no such pool.
    func organization(ofWorkforcePool id: String) -> String?

    /// Whether any policy asks for the logging of calls that are no changes. Asked for every call.
    var logsMoreThanChanges: Bool { get }

    /// Whether a call is to be logged, by the audit configs of the resource and of all above it.
    func logs(
        _ type: AuditConfig.LogType, of service: String, by principal: Principal, on resource: Resource
    ) -> Bool
}
